//! Ids, money, dates, the working-day calendar, resident ids, divisions, reach, roles, the journal entry. No I/O.
