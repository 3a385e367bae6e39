#[test]
fn dump() {
    let Ok(path) = std::env::var("DUMP") else {
        return;
    };
    let mut bytes = Vec::new();
    for n in 0..120 {
        let p = signet_scenes::Placed::off_center(n);
        bytes.extend(p.input.to_rgba());
        bytes.extend((0..4096).map(|at| (p.covers(at % 64, at / 64) * 255.0) as u8));
        bytes.push(p.label as u8);
    }
    std::fs::write(path, bytes).unwrap();
}
