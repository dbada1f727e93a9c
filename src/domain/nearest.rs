//! The valid name nearest to a mistyped one.

/// How alike two names must be (Jaro-Winkler, 0 to 1) for one to be proposed for the other.
const ALIKE: f64 = 0.7;

/// The name most like a wrong one, by Jaro-Winkler similarity; of equally near names the first. `None` where none is near:
/// a name that has nothing in common with the wrong one helps nobody.
pub fn nearest<'a>(wrong: &str, valid: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wrong = wrong.to_lowercase();
    let mut best: Option<(f64, &str)> = None;
    for name in valid {
        let alike = strsim::jaro_winkler(&wrong, &name.to_lowercase());
        if alike > best.map_or(ALIKE, |(a, _)| a) {
            best = Some((alike, name));
        }
    }
    best.map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_proposed_and_none_that_is_far() {
        let all = ["stock", "return", "releases", "k1_a1"];
        assert_eq!(nearest("retrun", all), Some("return"));
        assert_eq!(nearest("Stok", all), Some("stock"));
        assert_eq!(nearest("xyz", all), None);
        assert_eq!(nearest("x", ["x1", "x2"]), Some("x1"));
        assert_eq!(nearest("x", []), None);
    }
}
