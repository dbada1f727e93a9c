//! What belongs to each of many numbered owners: records of persons, neighbours of identities.

/// Items by owner, each owner's in the order they were given. Owners are numbered from 0 on, so that counting sorts them.
#[derive(Debug, Clone, Default)]
pub struct Members {
    /// Where each owner's items begin; one more at the end.
    starts: Vec<u32>,
    items: Vec<u32>,
}

impl Members {
    /// Of owners and items; `owners` is how many there are.
    pub fn of(owned: impl Iterator<Item = (u32, u32)> + Clone, owners: usize) -> Members {
        let mut starts = vec![0u32; owners + 1];
        owned
            .clone()
            .for_each(|(owner, _)| starts[owner as usize + 1] += 1);
        for i in 0..owners {
            starts[i + 1] += starts[i];
        }
        let mut next = starts.clone();
        let mut items = vec![0; starts[owners] as usize];
        for (owner, item) in owned {
            let at = &mut next[owner as usize];
            items[*at as usize] = item;
            *at += 1;
        }
        Members { starts, items }
    }

    /// How many owners.
    pub fn len(&self) -> usize {
        self.starts.len() - 1
    }

    /// The items of one.
    pub fn get(&self, owner: u32) -> &[u32] {
        let at = |k: usize| self.starts[k] as usize;
        &self.items[at(owner as usize)..at(owner as usize + 1)]
    }
}
