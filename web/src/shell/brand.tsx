import { Link } from "#web/parts/link.tsx";
import { overviewRoute } from "./route.ts";

/** The name, with a wire that has something odd on it. */
export function Brand() {
  return (
    <Link to={overviewRoute} className="brand" aria-label="Oddwire, overview">
      <svg width="26" height="22" viewBox="0 0 30 24" aria-hidden="true">
        <path
          d="M1 15h8l2.5-10 5 17 2.5-7h10"
          fill="none"
          stroke="currentColor"
          strokeWidth="2.4"
          strokeLinecap="round"
          strokeLinejoin="round"
        />
        <circle cx="11.5" cy="5" r="2.6" />
      </svg>
      <span className="brand-name">Oddwire</span>
    </Link>
  );
}
