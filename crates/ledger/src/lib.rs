//! Reads the spreadsheets that offices really keep, and says what is wrong with them.
