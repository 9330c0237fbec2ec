//! What can be asked for on the command line, and how much work that is.

use std::path::PathBuf;
use std::time::Duration;

use clap::Parser;

const HELP: &str = "\
Private PostgreSQL, RabbitMQ and MongoDB are started with one process per service, measured, and
stopped again; all of it stays on this machine's loopback. A full run takes five to ten minutes.
Close what else works on this machine: the goals are meant for two cores without other load.

Exit code: 0 when all goals are met, 1 when one is missed, 2 when something could not be measured,
130 after Ctrl-C.";

/// Measures a whole shop on this machine against its goals
#[derive(Debug, Clone, Parser)]
#[command(name = "cargo shop bench", after_help = HELP)]
pub struct Options {
    /// Also writes the figures into this file
    #[arg(long, value_name = "FILE")]
    pub json: Option<PathBuf>,
    /// How many rounds; at least three make a median worth its name
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u16).range(1..=20))]
    pub rounds: u16,
    /// One short round, to see that everything can be measured
    #[arg(long, conflicts_with = "rounds")]
    pub quick: bool,
}

/// How much work a run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scale {
    /// Rounds of everything.
    pub rounds: u16,
    /// Accounts, each with a card; the largest number of checkouts that can be prepared at once.
    pub customers: usize,
    /// Times per round that all customers check out as fast as they are served.
    pub bursts: u16,
    /// Customers who check out at the storefront, in each round.
    pub shoppers: usize,
    /// Orders that arrive at a steady rate, in each round.
    pub paced: usize,
    /// Orders that arrive at a steady rate that leaves room, in each round.
    pub light: usize,
    /// How long the yardstick is applied, in each round.
    pub yardstick: Duration,
    /// Starts of each process.
    pub starts: u16,
}

impl Options {
    /// The work that was asked for.
    #[must_use]
    pub fn scale(&self) -> Scale {
        if self.quick {
            return Scale {
                rounds: 1,
                customers: 60,
                bursts: 1,
                shoppers: 20,
                paced: 60,
                light: 60,
                yardstick: Duration::from_millis(500),
                starts: 1,
            };
        }
        Scale {
            rounds: self.rounds,
            customers: 1200,
            bursts: 2,
            shoppers: 200,
            // Six seconds at the rate of `paced::RATE`.
            paced: 1200,
            // Eight seconds at `paced::LIGHT_RATE`.
            light: 200,
            yardstick: Duration::from_secs(2),
            starts: 3,
        }
    }

    /// The command line that asks for the same again.
    #[must_use]
    pub fn command(&self) -> String {
        let mut command = "cargo shop bench".to_owned();
        if self.quick {
            command.push_str(" --quick");
        } else {
            command.push_str(&format!(" --rounds {}", self.rounds));
        }
        command
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::Options;

    #[test]
    fn three_rounds_are_run_unless_told_otherwise() {
        let options = Options::parse_from(["bench"]);

        assert_eq!(options.scale().rounds, 3);
        assert_eq!(options.command(), "cargo shop bench --rounds 3");
    }

    #[test]
    fn no_step_needs_more_customers_than_there_are() {
        for arguments in [vec!["bench"], vec!["bench", "--quick"]] {
            let scale = Options::parse_from(&arguments).scale();

            assert!(scale.paced <= scale.customers, "{arguments:?}");
        }
    }

    #[test]
    fn a_quick_run_has_no_number_of_rounds() {
        let both = Options::try_parse_from(["bench", "--quick", "--rounds", "4"]);

        assert!(both.is_err());
    }
}
