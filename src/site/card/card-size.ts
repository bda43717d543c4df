/** In pixels, as the services that show cards want it. */
export const cardSize = { width: 1200, height: 630 } as const;
