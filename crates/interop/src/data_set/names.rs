//! What datasets are, by the names that people give them.

/// Which pictures of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Set {
    /// To be learned from.
    Training,
    /// To be scored on while training.
    Validation,
    /// To be measured on.
    Test,
    /// A file with one set has no need to name it.
    Only,
}

/// What a dataset holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    Pictures(Set),
    Labels(Set),
    /// The labels that numbers stand for.
    Classes,
}

/// What a dataset holds by its path, such as `train_set_x`, `X_train`, `test/images` or `list_classes`.
pub fn role(path: &str) -> Option<Role> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let small = name.to_lowercase();
    if ["list_classes", "classes", "class_names", "label_names"].contains(&small.as_str()) {
        return Some(Role::Classes);
    }
    let has =
        |words: &[String], known: &[&str]| words.iter().any(|word| known.contains(&word.as_str()));
    let (own, all) = (words(name), words(path));
    let set = if has(&all, &["train", "training"]) {
        Set::Training
    } else if has(&all, &["val", "valid", "validation", "dev"]) {
        Set::Validation
    } else if has(&all, &["test", "testing"]) {
        Set::Test
    } else {
        Set::Only
    };
    if has(&own, &["y", "label", "labels", "target", "targets"]) {
        return Some(Role::Labels(set));
    }
    has(&own, &["x", "image", "images", "picture", "pictures"]).then_some(Role::Pictures(set))
}

/// The words of a name, in small letters: `X_train`, `trainX` and `train x` are of the same two.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut was_small = false;
    for c in name.chars() {
        if !c.is_alphanumeric() || (was_small && c.is_uppercase()) {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| c.is_alphanumeric()) {
            word.extend(c.to_lowercase());
        }
        was_small = c.is_lowercase();
    }
    words
}
