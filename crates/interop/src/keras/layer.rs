//! What a Keras file stores of a layer.

/// A layer's variables, without their values.
#[derive(Debug, Clone, PartialEq)]
pub struct Layer {
    /// The name that Keras gave the layer, where the file tells.
    pub name: Option<String>,
    /// The path of its group in the file.
    pub path: String,
    /// In the order in which Keras has them.
    pub variables: Vec<Variable>,
}

/// A variable, without its values.
#[derive(Debug, Clone, PartialEq)]
pub struct Variable {
    /// What it is to its layer, such as `kernel`, where the file tells.
    pub leaf: Option<String>,
    /// The path of its dataset in the file.
    pub path: String,
    /// The shape, as Keras has it.
    pub shape: Vec<usize>,
}

/// What a layer is, told by the shapes of its variables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A kernel of four sides, and a bias or none.
    Conv,
    /// Two to four lists of one length.
    Norm,
    /// A kernel of two sides, and a bias or none.
    Dense,
    /// The state of random numbers, which no answer depends on.
    Seed,
    /// Anything else.
    Other,
}

impl Layer {
    /// Its name for a sentence.
    pub fn shown(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.path)
    }

    /// What it is.
    pub fn kind(&self) -> Kind {
        let ranks: Vec<usize> = self.variables.iter().map(|v| v.shape.len()).collect();
        let same = |v: &Variable| v.shape == self.variables[0].shape;
        match ranks[..] {
            [4] | [4, 1] => Kind::Conv,
            [2] | [2, 1] => Kind::Dense,
            [1] if self.path.contains("seed_generator") => Kind::Seed,
            [1, 1] | [1, 1, 1] | [1, 1, 1, 1] if self.variables.iter().all(same) => Kind::Norm,
            _ => Kind::Other,
        }
    }

    /// The variable that is `leaf`: by name where the file names its variables, else the one `at` that place.
    pub fn variable(&self, leaf: &str, at: usize) -> Option<&Variable> {
        if self.variables.iter().any(|v| v.leaf.is_some()) {
            let named = |v: &&Variable| v.leaf.as_deref() == Some(leaf);
            return self.variables.iter().find(named);
        }
        self.variables.get(at)
    }
}

/// Orders names as people do: `conv2d_9` before `conv2d_10`.
pub fn natural_key(path: &str) -> Vec<(String, u64)> {
    let mut key = Vec::new();
    let mut rest = path;
    while !rest.is_empty() {
        let digit = rest.find(|c: char| c.is_ascii_digit());
        let (text, from) = rest.split_at(digit.unwrap_or(rest.len()));
        let end = from.find(|c: char| !c.is_ascii_digit());
        let (number, after) = from.split_at(end.unwrap_or(from.len()));
        key.push((text.to_owned(), number.parse().unwrap_or(u64::MAX)));
        rest = after;
    }
    key
}

#[cfg(test)]
mod tests {
    use super::natural_key;

    #[test]
    fn numbers_count_as_numbers() {
        let mut paths = vec![
            "l/conv_10",
            "l/conv_9",
            "l/conv",
            "l/bn_2",
            "k/blk_2/a",
            "k/blk/z",
        ];
        paths.sort_by_key(|path| natural_key(path));
        assert_eq!(
            paths,
            [
                "k/blk/z",
                "k/blk_2/a",
                "l/bn_2",
                "l/conv",
                "l/conv_9",
                "l/conv_10"
            ]
        );
    }
}
