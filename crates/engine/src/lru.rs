//! A least-recently-used cache.

/// What was made for the last few input sizes `[batch, height, width]`, the most recent last.
#[derive(Debug)]
pub(crate) struct LruCache<T> {
    capacity: usize,
    entries: Vec<([usize; 3], T)>,
}

impl<T> LruCache<T> {
    pub fn new(capacity: usize) -> Self {
        let entries = Vec::new();
        Self { capacity, entries }
    }

    /// The entry of a size, which becomes the most recent. A missing one is made.
    pub fn get(&mut self, size: [usize; 3], make: impl FnOnce() -> T) -> &T {
        match self.entries.iter().position(|(key, _)| *key == size) {
            Some(index) => self.entries[index..].rotate_left(1),
            None => {
                if self.entries.len() == self.capacity {
                    self.entries.remove(0);
                }
                self.entries.push((size, make()));
            }
        }
        &self.entries[self.entries.len() - 1].1
    }

    /// The entry that was asked for last.
    pub fn latest(&self) -> Option<&T> {
        self.entries.last().map(|(_, value)| value)
    }
}
