//! A pool that a failed helper has poisoned. A process of its own: its pool stays so.

mod cases;

use cases::{Images, deep, rng};
use signet_engine::{Builder, Conv, Cut, Kernel, Output, Padding, Slot, threads};

#[test]
fn a_network_answers_alone_once_the_pool_is_poisoned() {
    let mut builder = Builder::new(3, 1);
    let outputs = deep(&mut builder, false);
    let mut network = builder.finish(&outputs);
    let images = Images::random([3, 40, 40], 3, &mut rng(31));
    let mut run = || -> Images {
        network.run(&images.values, images.size);
        network.output(0).into()
    };
    let alone = run();
    let helpers = [(); 3].map(|()| std::thread::spawn(threads::help));
    while threads::threads() < 4 {
        std::thread::yield_now();
    }
    let poison = std::thread::spawn(threads::poison);
    for _ in 0..20 {
        assert_eq!(run(), alone);
    }
    poison.join().expect("it has poisoned");
    for helper in helpers {
        helper.join().expect("a helper returns");
    }
    assert!(threads::is_poisoned());
    threads::set_threads(4);
    threads::help();
    assert_eq!(threads::threads(), 1);
    assert_eq!(run(), alone);
}
