/** How much one text may ask of those who read it. No dump comes near; each limit is a problem that says so. */

/** The words of one rule: iptables-restore takes no line of more than 10,239 letters. */
export const mostWords = 1000;

/** How many rules the lists of addresses of one line make, `-s a,b -d c,d` four of them; and those of a text. */
export const mostOfLists = { line: 4096, text: 100_000 };

/** How often the commands of a text go past a chain, or past sixteen of its rules. */
export const mostPassed = 20_000_000;
