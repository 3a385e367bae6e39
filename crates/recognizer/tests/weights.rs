//! Weights files: they come back as they were written, and errors are refused by name.

#[path = "../../../tests/support/shipped.rs"]
mod shipped;
#[path = "../../../tests/support/reference.rs"]
mod support;

use pollster::block_on;
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};
use signet_recognizer::{
    Arithmetic, Classifier, InputImage, Precision, ResNetConfig, Tensors, Weights, labels,
};
use support::*;

fn code(result: signet_recognizer::Result<Weights>) -> (&'static str, String) {
    let error = result.unwrap_err();
    (error.code(), error.to_string())
}

fn logits(weights: Weights) -> Vec<f32> {
    let classifier = Classifier::on_cpu(&weights, Arithmetic::Fastest);
    block_on(classifier.logits(&[InputImage::reference()]))
        .unwrap()
        .remove(0)
}

fn largest_gap(a: &[f32], b: &[f32]) -> f32 {
    let gaps = a.iter().zip(b).map(|(a, b)| (a - b).abs());
    gaps.fold(0.0, f32::max)
}

#[test]
fn float32_files_come_back_bit_for_bit_and_are_the_same_bytes_each_time() {
    let weights = tiny_weights().with_reference_logits(vec![0.5; 6]).unwrap();
    let file = weights.to_bytes(Precision::F32).unwrap();
    assert_eq!(Weights::from_bytes(&file).unwrap(), weights);
    assert_eq!(weights.to_bytes(Precision::F32).unwrap(), file);
}

#[test]
fn smaller_precisions_stay_close_and_are_stable() {
    let exact = logits(tiny_weights());
    let scale = exact.iter().fold(1.0_f32, |most, l| most.max(l.abs()));
    for (precision, tolerance) in [
        (Precision::F16, 0.002),
        (Precision::Int8, 0.05),
        (Precision::Kept, 0.005),
    ] {
        let refined = tiny_weights()
            .fold()
            .refined(|_| precision == Precision::Kept);
        let file = refined.to_bytes(precision).unwrap();
        let back = Weights::from_bytes(&file).unwrap();
        let gap = largest_gap(&logits(back.clone()), &exact) / scale;
        println!("{precision:?}: largest difference of a logit {gap:.1e} of the largest");
        assert!(gap < tolerance, "{precision:?}: {gap}");
        // What has been rounded once isn't rounded again.
        let again = Weights::from_bytes(&back.to_bytes(precision).unwrap()).unwrap();
        assert!(largest_gap(&logits(again), &logits(back)) < 1e-5);
    }
}

#[test]
fn the_full_network_fits_the_limits_of_static_hosts_in_int8_and_half_of_them_in_int4() {
    let weights = Weights::initial(ResNetConfig::default(), labels::digits(), 0).unwrap();
    let weights = weights.fold();
    for (precision, limit) in [
        (Precision::Int8, 25 * 1024 * 1024),
        (Precision::Int4, 12_400_000),
    ] {
        let file = weights.to_bytes(precision).unwrap();
        assert!(file.len() < limit, "{precision:?}: {} bytes", file.len());
    }
}

/// A network a quarter as wide as the whole one, with kernels that are large enough for 4 bits.
fn quarter_weights() -> Weights {
    let drawn = Weights::initial(narrowed(4), labels::digits(), 7).unwrap();
    let mut tensors = drawn.tensors().clone();
    for (name, tensor) in &mut tensors {
        if name.ends_with("branch2c.gamma") {
            tensor.floats_mut().fill(0.2);
        }
    }
    let weights = Weights::new(narrowed(4), labels::digits(), tensors).unwrap();
    weights.fold()
}

#[test]
fn int4_kernels_are_near_the_floats_and_come_back_to_the_bit_through_every_precision() {
    let weights = quarter_weights();
    let file = weights.to_bytes(Precision::Int4).unwrap();
    let back = Weights::from_bytes(&file).unwrap();
    let (found, exact) = (logits(back.clone()), logits(weights.clone()));
    let scale = exact.iter().fold(1.0_f32, |most, l| most.max(l.abs()));
    let gap = largest_gap(&found, &exact) / scale;
    println!("largest difference of a logit {gap:.1e} of the largest");
    assert!(gap < 0.1, "{gap}");
    let parsed = SafeTensors::deserialize(&file).unwrap();
    let halves = parsed
        .names()
        .iter()
        .filter(|name| name.ends_with(".int4"))
        .count();
    let large = |shape: &[usize]| shape.len() == 4 && shape.iter().product::<usize>() >= 30_000;
    let tensors = weights.tensors().values();
    assert_eq!(
        halves,
        tensors.filter(|tensor| large(&tensor.shape)).count()
    );
    assert!(halves > 5, "{halves} kernels of 4 bits");
    // Other precisions hold these very numbers, and 4 bits hold them again.
    for precision in [
        Precision::Kept,
        Precision::Int4,
        Precision::Int8,
        Precision::F32,
    ] {
        let other = back.to_bytes(precision).unwrap();
        let through = Weights::from_bytes(&other).unwrap();
        assert_eq!(through, back, "{precision:?}");
        let is_kept = matches!(precision, Precision::Kept | Precision::Int4);
        assert_eq!(other == file, is_kept, "{precision:?}");
        if precision == Precision::Int8 {
            assert_eq!(through.to_bytes(Precision::Kept).unwrap(), file);
        }
    }
    let kernel = &back.tensors()["res5a_branch2b.kernel"];
    assert!(kernel.is_quantized());
    // Without what another file has, and beside it.
    let is_known = |name: &str| name.starts_with("res5");
    let part = back.clone().into_container_without(is_known).unwrap();
    let part = part.to_bytes();
    assert!(part.len() < file.len() / 2, "{} bytes", part.len());
    let whole = Weights::from_bytes_beside(&part, &back).unwrap();
    assert_eq!(whole.to_bytes(Precision::Kept).unwrap(), file);
}

#[test]
fn int4_kernels_that_lack_a_part_are_misshapen_or_overflow_are_refused_by_name() {
    let file = quarter_weights().to_bytes(Precision::Int4).unwrap();
    let (_, metadata) = SafeTensors::read_metadata(&file).unwrap();
    let parsed = SafeTensors::deserialize(&file).unwrap();
    let name = "res5a_branch2b.kernel";
    let [scale, factor, int4] = ["scale", "factor", "int4"].map(|part| format!("{name}.{part}"));
    let halves = parsed.tensor(&int4).unwrap();
    let int8 = vec![1; halves.data().len() * 2];
    let [floats, large] = [
        vec![0; 512],
        vec![127; parsed.tensor(&factor).unwrap().data().len()],
    ];
    type Change<'a> = (&'a str, Option<(Dtype, Vec<usize>, &'a [u8])>);
    let shape = |of: &str| parsed.tensor(of).unwrap().shape().to_vec();
    let [missing, unknown, misshapen, values] =
        ["missing-tensor", "unknown-tensor", "shape", "values"]
            .map(|code| format!("weights-{code}"));
    let cases: [(Change, &str, &str); 9] = [
        ((&scale, None), &missing, &scale),
        ((&factor, None), &missing, &factor),
        ((&int4, None), &unknown, name),
        (
            (&scale, Some((Dtype::F32, vec![64, 2], &floats))),
            &misshapen,
            &scale,
        ),
        (
            (&factor, Some((Dtype::U8, shape(&factor), &large))),
            &misshapen,
            &factor,
        ),
        (
            (
                &int4,
                Some((Dtype::U8, vec![halves.data().len()], halves.data())),
            ),
            &misshapen,
            &int4,
        ),
        (
            (&factor, Some((Dtype::I8, shape(&factor), &large))),
            &values,
            name,
        ),
        // The same kernel twice.
        (
            (name, Some((Dtype::I8, vec![128, 128, 3, 3], &int8))),
            &unknown,
            &int4,
        ),
        // Of no kernel.
        (
            ("res9a.int4", Some((Dtype::U8, vec![1], &[0]))),
            &unknown,
            "res9a",
        ),
    ];
    for ((changed, to), expected, named) in cases {
        let others = parsed.iter().filter(|(name, _)| *name != changed);
        let mut tensors: Vec<_> = others.map(|(name, view)| (name.to_owned(), view)).collect();
        if let Some((dtype, shape, data)) = to {
            let view = TensorView::new(dtype, shape, data).unwrap();
            tensors.push((changed.into(), view));
        }
        let altered = safetensors::serialize(tensors, metadata.metadata().clone()).unwrap();
        let (kind, text) = code(Weights::from_bytes(&altered));
        assert!(
            kind == expected && text.contains(named),
            "{changed}: {kind}, {text}"
        );
    }
}

/// The shipped model whose last stage has moved by a few int8 steps, as a training moves it.
#[test]
fn a_fine_tuned_stage_fits_30_megabytes_keeps_the_rest_and_answers_within_a_thousandth() {
    let model = shipped::model().expect("the project has its model");
    let original = Weights::from_bytes(&model).unwrap();
    let mut tensors = original.tensors().clone();
    let is_trained = |name: &str| name.starts_with("res5") && name.ends_with("kernel");
    let mut turn = 0_u32;
    for (_, kernel) in tensors.iter_mut().filter(|(name, _)| is_trained(name)) {
        for weight in kernel.floats_mut() {
            turn = turn.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            *weight += ((turn >> 16) as f32 / 65536.0 - 0.5) * 1e-3;
        }
    }
    let labels = original.labels().to_vec();
    let trained = Weights::new(original.config().clone(), labels, tensors).unwrap();
    let file = trained
        .clone()
        .refined(is_trained)
        .to_bytes(Precision::Kept)
        .unwrap();
    assert!(file.len() < 30_000_000, "{} bytes", file.len());
    let read = Weights::from_bytes(&file).unwrap();
    assert_eq!(read.to_bytes(Precision::Kept).unwrap(), file);
    for (name, tensor) in read.tensors().iter().filter(|(name, _)| !is_trained(name)) {
        let before = &original.tensors()[name];
        assert!(
            tensor == before && tensor.is_quantized() == before.is_quantized(),
            "{name}"
        );
    }
    // Noise and bars of all kinds, of most of which the network is unsure.
    let inputs = (0..24).map(|n| {
        InputImage::from_fn(64, |x, y| {
            let bar = (x * (n % 5) + y * (n % 3)) % 24 < 3 + n && y > n;
            [
                if bar { 210 } else { 60 },
                (x * n * 7 % 256) as u8,
                (y * 3) as u8,
            ]
        })
    });
    let inputs: Vec<_> = inputs.chain([InputImage::reference()]).collect();
    let [found, exact] = [&read, &trained].map(|weights| {
        let classifier = Classifier::on_cpu(weights, Arithmetic::Fastest);
        let answers = block_on(classifier.classify(&inputs)).unwrap();
        answers
            .into_iter()
            .flat_map(|it| [it.probabilities, vec![it.presence.unwrap()]].concat())
    });
    let gap = largest_gap(&found.collect::<Vec<_>>(), &exact.collect::<Vec<_>>());
    println!("largest difference of a probability {gap:.1e}");
    assert!(gap < 1e-3, "{gap}");
}

#[test]
fn a_copy_that_was_damaged_is_refused_wherever_the_damage_is() {
    for precision in [Precision::F32, Precision::Int8] {
        let file = tiny_weights().to_bytes(precision).unwrap();
        assert!(Weights::from_bytes(&file).is_ok());
        let mut damaged = file.clone();
        // The lowest bit, which leaves values plausible; at more places where names and shapes are.
        let places = (0..4096).step_by(61);
        for at in places.chain((4096..file.len()).step_by(9973)) {
            damaged[at] ^= 1;
            let error = Weights::from_bytes(&damaged);
            assert!(error.is_err(), "a flipped bit at {at} of {}", file.len());
            damaged[at] ^= 1;
        }
        let length = u64::from_le_bytes(file[..8].try_into().unwrap()) as usize;
        damaged[8 + length + 1] ^= 1;
        let error = Weights::from_bytes(&damaged).unwrap_err();
        assert_eq!(error.code(), "weights-hash");
    }
}

#[test]
fn tensors_missing_unknown_misshapen_or_not_finite_are_named() {
    let change = |edit: &dyn Fn(&mut Tensors)| {
        let mut tensors = tiny_weights().tensors().clone();
        edit(&mut tensors);
        code(Weights::new(tiny_config(), labels::digits(), tensors))
    };
    let name = "res4b_branch2b.kernel";
    let variance = "bn4b_branch2b.running_variance";
    let [missing, unknown, shape, values] = ["missing-tensor", "unknown-tensor", "shape", "values"]
        .map(|kind| format!("weights-{kind}"));
    fn floats<'a>(tensors: &'a mut Tensors, name: &str) -> &'a mut Vec<f32> {
        tensors.get_mut(name).unwrap().floats_mut()
    }
    let copy = |t: &mut Tensors| t.insert("res9z_branch2b.kernel".into(), t[name].clone());
    let transpose = |t: &mut Tensors| t.get_mut(name).unwrap().shape.reverse();
    type Edit<'a> = &'a dyn Fn(&mut Tensors);
    let cases: [(Edit, _, _, &str); 7] = [
        (&|t| drop(t.remove(name)), &missing, name, ""),
        (&|t| drop(copy(t)), &unknown, "res9z", ""),
        (&transpose, &shape, name, ""),
        (&|t| floats(t, name).truncate(3), &shape, name, ""),
        (&|t| floats(t, name)[7] = f32::NAN, &values, name, "7"),
        (&|t| floats(t, variance)[3] = -1.0, &values, variance, "3"),
        // A half-folded network.
        (&|t| drop(t.remove("bn_conv1.gamma")), &missing, "", ""),
    ];
    for (edit, expected, named, end) in cases {
        let (kind, text) = change(edit);
        assert!(
            kind == expected && text.contains(named) && text.ends_with(end),
            "{text}"
        );
    }
}

#[test]
fn a_network_whose_strides_leave_another_map_than_the_head_reads_is_refused() {
    for stage in 0..4 {
        let mut config = tiny_config();
        config.stages[stage].stride = 3 - config.stages[stage].stride;
        let (kind, text) = code(Weights::initial(config, labels::digits(), 0));
        assert!(kind == "setting" && text.contains("strides"), "{text}");
    }
}

#[test]
fn bytes_that_are_no_weights_file_are_refused() {
    let format = "weights-format";
    let file = tiny_weights().to_bytes(Precision::F32).unwrap();
    for bytes in [
        &b""[..],
        b"<!doctype html><title>404</title>",
        &file[..file.len() - 1],
    ] {
        assert_eq!(code(Weights::from_bytes(bytes)).0, format);
    }
    // Somebody else's safetensors file.
    let foreign = std::fs::read(reference("tiny_weights.safetensors")).unwrap();
    let (kind, text) = code(Weights::from_bytes(&foreign));
    assert!(kind == format && text.contains("signet"), "{text}");
}

#[test]
fn a_kernel_that_lacks_a_part_and_a_part_without_kernel_are_refused_by_name() {
    let [int8, fine] = [Precision::Int8, Precision::Kept].map(|precision| {
        let weights = tiny_weights()
            .fold()
            .refined(|_| precision == Precision::Kept);
        weights.to_bytes(precision).unwrap()
    });
    for (file, left_out, expected, named) in [
        (
            &int8,
            "conv1.kernel.scale",
            "weights-missing-tensor",
            "conv1.kernel.scale",
        ),
        (
            &fine,
            "conv1.kernel.scale",
            "weights-missing-tensor",
            "conv1.kernel.scale",
        ),
        (
            &int8,
            "conv1.kernel",
            "weights-unknown-tensor",
            "conv1.kernel.scale",
        ),
        (
            &fine,
            "conv1.kernel",
            "weights-unknown-tensor",
            "conv1.kernel.s",
        ),
        // Without its steps it would be another network.
        (&fine, "conv1.kernel.steps", "weights-hash", ""),
    ] {
        let (_, metadata) = SafeTensors::read_metadata(file).unwrap();
        let parsed = SafeTensors::deserialize(file).unwrap();
        let kept = parsed.iter().filter(|(name, _)| *name != left_out);
        let without = safetensors::serialize(kept, metadata.metadata().clone()).unwrap();
        let (kind, text) = code(Weights::from_bytes(&without));
        assert!(
            kind == expected && text.contains(named),
            "{left_out}: {text}"
        );
    }
}

#[test]
fn new_labels_get_a_fresh_head_and_known_ones_keep_theirs() {
    let weights = tiny_weights();
    let kept = weights.clone().with_labels(labels::digits()).unwrap();
    assert_eq!(kept, weights);
    let names = ["rock", "paper", "scissors"].map(String::from).to_vec();
    let fresh = weights.clone().with_labels(names.clone()).unwrap();
    assert_eq!(fresh.labels(), names);
    assert_eq!(fresh.tensors()["fc.kernel"].shape, [3, 128]);
    let [first, before] = [&fresh, &weights].map(|weights| &weights.tensors()["conv1.kernel"]);
    assert_eq!(first, before);
    // A known label keeps its row of the head, wherever it comes to stand.
    let some = ["5", "rock", "0"].map(String::from).to_vec();
    let some = weights.clone().with_labels(some).unwrap();
    for (leaf, row) in [("fc.kernel", 128), ("fc.bias", 1)] {
        let [before, after] = [&weights, &some].map(|weights| weights.tensors()[leaf].floats());
        assert_eq!(after[..row], before[5 * row..]);
        assert_eq!(after[2 * row..], before[..row]);
    }
    let rock = &some.tensors()["fc.kernel"].floats()[128..256];
    assert!(rock.iter().all(|weight| *weight == 0.0));
    let twice = vec!["rock".to_owned(), "rock".to_owned()];
    assert_eq!(code(weights.with_labels(twice)).0, "setting");
}

#[test]
fn the_self_check_accepts_the_stored_logits_and_refuses_others() {
    let check = |logits: Vec<f32>| {
        let weights = tiny_weights().with_reference_logits(logits).unwrap();
        block_on(Classifier::on_cpu(&weights, Arithmetic::Fastest).self_check())
    };
    let mut logits = logits(tiny_weights());
    assert!(check(logits.clone()).unwrap() < 1e-4);
    logits[2] += 1.0;
    assert_eq!(check(logits).unwrap_err().code(), "self-check");
}
