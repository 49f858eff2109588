//! Black-box scenarios over HTTP and SMTP: what they share.
