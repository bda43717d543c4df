/**
 * Happens on the window when a page gets another drawing: the simulator lights its messages, too. A type alone, since
 * a value that two scripts share would be a file of its own.
 */
export type DrawnEvent = 'diagram-drawn';
