import { MICROS_PER_SECOND } from "#base/time.ts";
import { type Detector, type Finding, placeOf, type Reason, type TransactionFact } from "#contract/detector.ts";
import { Pairs } from "./pairs.ts";
import { rpcCallOf } from "./rpc-calls.ts";

const pairsMax = 10_000;

/** When a client last did each of these to a server; 0 for never. */
class Deeds {
  created = 0;
  started = 0;
  registered = 0;
  ran = 0;
  activated = 0;
  adminShare = "";
}

/**
 * Programs that are started on another machine by its service manager, task scheduler or WMI. Each of these calls alone
 * is what administrators do all day; told are the pairs that only remote execution needs: a service that is created and
 * started at once, a task that is registered and run at once, a method that is called on a WMI object of a
 * remotely activated server.
 */
export class RemoteExecution implements Detector {
  readonly #window: number;
  readonly #report: (finding: Finding) => void;
  readonly #pairs = new Pairs(pairsMax, () => new Deeds());

  constructor(windowSeconds: number, report: (finding: Finding) => void) {
    this.#window = windowSeconds * MICROS_PER_SECOND;
    this.#report = report;
  }

  onTransaction(fact: TransactionFact): void {
    const share = fact.fields["share"];
    if (typeof share === "string" && /\\(?:ADMIN|[A-Z])\$$/i.test(share)) this.#pairs.of(fact).adminShare = share;
    const call = rpcCallOf(fact);
    if (call === undefined) return;
    const { service, procedure } = call;
    if (service === "svcctl") this.#service(fact, procedure);
    else if (service === "ITaskSchedulerService" || service === "atsvc") this.#task(fact, procedure);
    else if (procedure === "RemoteCreateInstance") this.#pairs.of(fact).activated = fact.time;
    else if (service === "IWbemServices" && procedure.startsWith("ExecMethod")) this.#wmi(fact);
  }

  #service(fact: TransactionFact, procedure: string): void {
    if (procedure.startsWith("CreateService")) this.#pairs.of(fact).created = fact.time;
    else if (procedure.startsWith("StartService")) {
      const deeds = this.#pairs.of(fact);
      deeds.started = fact.time;
      if (this.#isRecent(fact, deeds.created))
        this.#tell(
          fact,
          deeds,
          "created a service there and started it at once",
          "service",
          0.85,
          "high",
          ["T1021.002", "T1569.002"],
          [{ feature: "seconds from creation to start", value: this.#seconds(fact, deeds.created), threshold: this.#limitSeconds }],
        );
    } else if (procedure === "DeleteService") {
      const deeds = this.#pairs.of(fact);
      if (this.#isRecent(fact, deeds.created) && this.#isRecent(fact, deeds.started))
        this.#tell(
          fact,
          deeds,
          "created a service there, started it and removed it again",
          "service",
          0.95,
          "critical",
          ["T1021.002", "T1569.002"],
          [{ feature: "seconds from creation to removal", value: this.#seconds(fact, deeds.created), threshold: this.#limitSeconds }],
        );
    }
  }

  #task(fact: TransactionFact, procedure: string): void {
    if (procedure === "SchRpcRegisterTask") this.#pairs.of(fact).registered = fact.time;
    else if (procedure === "SchRpcRun") {
      const deeds = this.#pairs.of(fact);
      deeds.ran = fact.time;
      if (this.#isRecent(fact, deeds.registered))
        this.#tell(
          fact,
          deeds,
          "registered a task there and ran it at once",
          "task",
          0.8,
          "high",
          ["T1053.005"],
          [{ feature: "seconds from registration to run", value: this.#seconds(fact, deeds.registered), threshold: this.#limitSeconds }],
        );
    }
  }

  #wmi(fact: TransactionFact): void {
    const deeds = this.#pairs.of(fact);
    if (!this.#isRecent(fact, deeds.activated)) return;
    this.#tell(
      fact,
      deeds,
      "called a method of a WMI object there, the way in which processes are started remotely",
      "wmi",
      0.7,
      "medium",
      ["T1047"],
      [{ feature: "seconds from activation to call", value: this.#seconds(fact, deeds.activated), threshold: this.#limitSeconds }],
    );
  }

  #tell(
    fact: TransactionFact,
    deeds: Deeds,
    deed: string,
    way: string,
    score: number,
    severity: Finding["severity"],
    techniques: readonly string[],
    why: readonly Reason[],
  ): void {
    this.#report({
      ...placeOf(fact),
      title: `${fact.client} works on ${fact.server}: it ${deed}`,
      severity,
      score,
      why: [...why, ...(deeds.adminShare === "" ? [] : [{ feature: "administrative share in use", value: deeds.adminShare }])],
      techniques,
      cause: `${way} ${fact.client} ${fact.server}`,
    });
  }

  #isRecent(fact: TransactionFact, time: number): boolean {
    return time !== 0 && fact.time - time <= this.#window;
  }

  #seconds(fact: TransactionFact, since: number): number {
    return Math.round((fact.time - since) / 1e4) / 100;
  }

  get #limitSeconds(): number {
    return this.#window / MICROS_PER_SECOND;
  }
}
