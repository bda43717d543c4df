/** The scenario that is walked where nothing was asked for. */
export const usualConnection = 'local-to-remote';
