//! Bar charts of attempts over time, as SVG.

use std::{borrow::Cow, fmt::Write as _};

use askama::filters::{Html, Safe, escape};

use super::time::utc;
use crate::{
    client::resources::{Bucket, DeliveryStats, FailingOwn, Trouble, Waiting},
    words::CommonWords,
};

/// Measures of a chart.
#[derive(Debug, Clone, Copy)]
struct Shape {
    height: u64,
    /// Distance from the start of one bar to the start of the next.
    step: u64,
    bar: u64,
}

const SMALL: Shape = Shape { height: 28, step: 6, bar: 4 };
const LARGE: Shape = Shape { height: 120, step: 30, bar: 22 };

/// Bar chart of attempts over time, with a description for screen readers.
pub(crate) struct Picture {
    /// Buckets, oldest first.
    pub(crate) buckets: Vec<Bucket>,
    /// Deliveries that wait for their next attempt.
    waiting: Waiting,
    /// Webhooks among those of the chart that fail.
    pub(crate) failing: Vec<FailingOwn>,
}

impl From<DeliveryStats> for Picture {
    fn from(DeliveryStats { buckets, waiting, failing }: DeliveryStats) -> Self {
        Self { buckets, waiting, failing }
    }
}

impl Picture {
    /// Trouble of the webhook that the chart is of.
    pub(crate) fn trouble(&self) -> Option<&Trouble> {
        self.failing.first().map(|failing| &failing.trouble)
    }

    /// Returns whether there was no attempt.
    pub(crate) fn is_empty(&self) -> bool {
        self.attempts() == 0
    }

    /// Number of attempts in all buckets.
    pub(crate) fn attempts(&self) -> u64 {
        self.buckets.iter().map(|bucket| bucket.attempts).sum()
    }

    /// Number of attempts in the largest bucket, which sets the scale.
    pub(crate) fn most(&self) -> u64 {
        self.buckets.iter().map(|bucket| bucket.attempts).max().unwrap_or(0)
    }

    /// Number of deliveries that wait for their next attempt, in words; none if none does.
    pub(crate) fn waiting<'a>(&self, say: &'a CommonWords) -> Option<Cow<'a, str>> {
        match self.waiting {
            Waiting { count: 0, .. } => None,
            Waiting { count, sampled: true } => Some(say.waiting_at_least(count)),
            Waiting { count: 1, .. } => Some(say.waiting_one()),
            Waiting { count, .. } => Some(say.waiting(count)),
        }
    }

    /// Describes the whole chart in one sentence.
    pub(crate) fn words<'a>(&self, say: &'a CommonWords) -> Cow<'a, str> {
        let all = self.attempts();
        if all == 0 {
            return say.chart_empty();
        }
        let share = self.buckets.iter().map(|bucket| bucket.succeeded).sum::<u64>() * 100 / all;
        if all == 1 { say.chart_one(share) } else { say.chart(all, share) }
    }

    /// Draws a small chart, for a row of a list.
    pub(crate) fn small(&self, say: &CommonWords) -> Safe<String> {
        Safe(self.draw(SMALL, "spark", false, say))
    }

    /// Draws a large chart, whose bars have a description each.
    pub(crate) fn large(&self, say: &CommonWords) -> Safe<String> {
        Safe(self.draw(LARGE, "bars", true, say))
    }

    /// Draws the SVG. It contains numbers, times and our own words, never text of a user's.
    fn draw(&self, shape: Shape, class: &str, told: bool, say: &CommonWords) -> String {
        let most = self.most().max(1);
        let count = u64::try_from(self.buckets.len()).unwrap_or(0);
        let (width, height) = (count * shape.step, shape.height);
        let Ok(words) = escape(self.words(say), Html);
        let mut svg = format!(
            "<svg class=\"{class}\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" \
             height=\"{height}\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"{words}\">"
        );
        for (place, bucket) in self.buckets.iter().enumerate() {
            let x = u64::try_from(place).unwrap_or(0) * shape.step;
            svg.push_str("<g>");
            if told {
                let Ok(words) = escape(bucket.words(say), Html);
                // Writing to a String can't fail.
                _ = write!(
                    svg,
                    "<title>{}: {words}</title><rect class=\"hit\" x=\"{x}\" y=\"0\" width=\"{}\" \
                     height=\"{height}\"/>",
                    utc(bucket.since),
                    shape.step
                );
            }
            bucket.draw(&mut svg, shape, x, most);
            svg.push_str("</g>");
        }
        svg.push_str("</svg>");
        svg
    }
}

impl Bucket {
    /// Describes the bucket in words.
    pub(crate) fn words<'a>(&self, say: &'a CommonWords) -> Cow<'a, str> {
        let Self { attempts, succeeded, retrying, failed, .. } = self;
        if *attempts == 0 {
            say.bar_empty()
        } else {
            say.bar(attempts, succeeded, retrying, failed)
        }
    }

    fn draw(&self, svg: &mut String, shape: Shape, x: u64, most: u64) {
        let Shape { height, bar, .. } = shape;
        let counted = self.succeeded + self.retrying + self.failed;
        if counted == 0 {
            _ = write!(
                svg,
                "<rect class=\"none\" x=\"{x}\" y=\"{}\" width=\"{bar}\" height=\"2\"/>",
                height - 2
            );
            return;
        }
        let tall = (self.attempts * height / most).clamp(3, height);
        let mut bottom = height;
        for (class, part) in
            [("good", self.succeeded), ("warn", self.retrying), ("bad", self.failed)]
        {
            if part == 0 {
                continue;
            }
            // A share that is not zero stays visible, however small it is.
            let part = (part * tall / counted).max(2).min(bottom);
            bottom -= part;
            _ = write!(
                svg,
                "<rect class=\"{class}\" x=\"{x}\" y=\"{bottom}\" width=\"{bar}\" \
                 height=\"{part}\"/>"
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bucket(succeeded: u64, retrying: u64, failed: u64) -> Bucket {
        let attempts = succeeded + retrying + failed;
        let since = domain::Timestamp::EPOCH;
        Bucket { since, attempts, succeeded, retrying, failed }
    }

    #[test]
    fn every_outcome_that_there_is_can_be_seen() {
        let buckets = vec![bucket(1000, 0, 1), bucket(0, 0, 0)];
        let waiting = Waiting { count: 2, sampled: true };
        let picture = Picture { buckets, waiting, failing: vec![] };
        let say = CommonWords::ENGLISH;
        let svg = picture.large(&say).0;
        assert!(svg.contains("class=\"good\"") && svg.contains("class=\"bad\""), "{svg}");
        assert!(!svg.contains("class=\"warn\"") && svg.contains("class=\"none\""), "{svg}");
        assert_eq!(picture.words(&say), "1001 attempts in the last 24 hours, 99% acknowledged");
        assert_eq!(picture.waiting(&say).unwrap(), "2 or more deliveries waiting for a retry");
    }
}
