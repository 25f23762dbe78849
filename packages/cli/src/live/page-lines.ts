import type { PageAddress, SessionServer } from "@attune/server";

type Served = Pick<SessionServer, "addresses" | "url" | "observerUrl">;

/** Where the page is, a line for each address and who it is for. */
export function pageLines({ addresses }: Served): string[] {
  const place = ({ interface: name }: PageAddress): string =>
    name === undefined || addresses.length === 1 ? "" : ` (${name})`;
  return [
    ...addresses.map((each) => `page: ${each.url}${place(each)}`),
    ...addresses.map((each) => `for looking only: ${each.observerUrl}${place(each)}`),
  ];
}

/** The same for programs. */
export const pageDocument = ({ addresses, url, observerUrl }: Served) => ({
  address: url,
  observerAddress: observerUrl,
  addresses: addresses.map((each) => ({
    interface: each.interface ?? null,
    address: each.url,
    observerAddress: each.observerUrl,
  })),
});
