/** Where an address belongs, as a database says that the user brought. */
export interface Place {
  /** Country, ISO 3166-1 alpha-2 in capitals; empty when it is not known. */
  readonly country: string;
  /** Its name in English; empty when the database has none. */
  readonly countryName: string;
  /** Number of the autonomous system (RFC 6793); 0 when it is not known. */
  readonly system: number;
  /** Who runs it; empty when it is not known. */
  readonly organization: string;
}

/** Answers where addresses belong. */
export interface Places {
  readonly hasCountries: boolean;
  readonly hasSystems: boolean;
  /** The place of the address in `words[at..at+4)`, of which IPv4 uses the first. Shared: nobody changes it. */
  find(words: ArrayLike<number>, at: number, ipv6: boolean): Place | undefined;
}

/** `Germany (DE)`, or what is known of it. */
export const countryWords = ({ country, countryName }: Place): string => (countryName === "" ? country : `${countryName} (${country})`);

/** `AS3320 Deutsche Telekom AG`, or what is known of it. */
export const systemWords = ({ system, organization }: Place): string =>
  system === 0 ? organization : `AS${system} ${organization}`.trimEnd();
