//! One's own address book, and vCards in and out (D-4)
