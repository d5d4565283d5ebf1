/** Where findings and alerts are sent, and how that goes. Never an address with what is secret in it. */
export interface DeliveryRow {
  readonly name: string;
  readonly kind: "webhook" | "syslog";
  readonly format: string;
  /** Host and port. */
  readonly host: string;
  /** Messages that wait on the disk. */
  readonly queued: number;
  readonly sent: number;
  /** Attempts that failed and are made again. */
  readonly failed: number;
  /** Messages that the receiver will never take, and messages that were given up: the queue was full, or they were too old. */
  readonly refused: number;
  readonly dropped: number;
  /** Notices that were told together with an earlier one of the same cause. */
  readonly grouped: number;
  readonly trouble?: string;
}

export interface DeliveriesAnswer {
  readonly deliveries: readonly DeliveryRow[];
}
