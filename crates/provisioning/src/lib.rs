//! From a feed to the directory: staging, mirror, reconciliation, departures
