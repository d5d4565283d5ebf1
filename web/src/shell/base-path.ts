/** The page of one capture stands under `/captures/ID`, with the API of that capture; the page of what runs here under nothing. */
export const basePath: string = /^\/captures\/[0-9a-f]{12}(?=\/|$)/.exec(globalThis.location?.pathname ?? "")?.[0] ?? "";

/** The capture whose page this is. */
export const captureShown: string | undefined = basePath.split("/")[2];

/** Address of a capture's page. */
export const captureHref = (id: string): string => `/captures/${id}/`;
