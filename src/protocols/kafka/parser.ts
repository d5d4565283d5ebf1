import type { ByteView } from "#base/bytes.ts";
import { Reader } from "#base/reader.ts";
import { FramedParser } from "#contract/framed-parser.ts";
import { FAILED, type ParserContext, type Side, type Transaction } from "#contract/parser.ts";

const headBytesMax = 512;
const LENGTH_BYTES = 4;
/** Longest message, bytes. */
const messageBytesMax = 0x1000_0000;
const pendingMax = 128;
const clientBytesMax = 256;
/** Highest version of any call, with room for more. */
export const versionMax = 30;

const NAMES =
  "Produce Fetch ListOffsets Metadata LeaderAndIsr StopReplica UpdateMetadata ControlledShutdown OffsetCommit OffsetFetch FindCoordinator JoinGroup Heartbeat LeaveGroup SyncGroup DescribeGroups ListGroups SaslHandshake ApiVersions CreateTopics DeleteTopics DeleteRecords InitProducerId OffsetForLeaderEpoch AddPartitionsToTxn AddOffsetsToTxn EndTxn WriteTxnMarkers TxnOffsetCommit DescribeAcls CreateAcls DeleteAcls DescribeConfigs AlterConfigs AlterReplicaLogDirs DescribeLogDirs SaslAuthenticate CreatePartitions CreateDelegationToken RenewDelegationToken ExpireDelegationToken DescribeDelegationToken DeleteGroups ElectLeaders IncrementalAlterConfigs AlterPartitionReassignments ListPartitionReassignments OffsetDelete DescribeClientQuotas AlterClientQuotas DescribeUserScramCredentials AlterUserScramCredentials Vote BeginQuorumEpoch EndQuorumEpoch DescribeQuorum AlterPartition UpdateFeatures Envelope FetchSnapshot DescribeCluster DescribeProducers BrokerRegistration BrokerHeartbeat UnregisterBroker DescribeTransactions ListTransactions AllocateProducerIds ConsumerGroupHeartbeat ConsumerGroupDescribe ControllerRegistration GetTelemetrySubscriptions PushTelemetry AssignReplicasToDirs ListConfigResources DescribeTopicPartitions".split(
    " ",
  );
export const apiName = (key: number): string | undefined => NAMES[key];

interface Exchange {
  readonly txId: number;
  readonly fields: Transaction;
}

/** Reads the headers of one Kafka connection: a `kafka` event for each call, told with the length of its answer. */
export class KafkaParser extends FramedParser {
  readonly #context: ParserContext;
  readonly #pending = new Map<number, Exchange>();
  #transactions = 0;

  constructor(context: ParserContext) {
    super(headBytesMax);
    this.#context = context;
  }

  override end(): void {
    for (const exchange of this.#pending.values()) this.#tell(exchange);
    this.#pending.clear();
  }

  protected lengthOf(_side: Side, { view, end }: ByteView, at: number): number {
    if (end - at < LENGTH_BYTES) return 0;
    const length = view.getUint32(at);
    return length < 4 || length > messageBytesMax ? FAILED : LENGTH_BYTES + length;
  }

  protected message(side: Side, view: ByteView, at: number, end: number, length: number): number {
    const fields = new Reader(view, at + LENGTH_BYTES, end);
    if (side === 1) {
      const number = fields.u32();
      const exchange = this.#pending.get(number);
      if (exchange !== undefined) exchange.fields["response_bytes"] = length;
      this.#done(number);
      return 0;
    }
    const key = fields.u16();
    const name = apiName(key);
    const version = fields.u16();
    const number = fields.u32();
    if (name === undefined || version > versionMax || fields.short) return FAILED;
    const told: Transaction = { api: name, api_version: version, correlation_id: number, request_bytes: length };
    const client = fields.u16();
    if (client > 0 && client <= clientBytesMax) told["client_id"] = fields.text(client, clientBytesMax);
    const [oldest] = this.#pending.keys();
    if (this.#pending.size >= pendingMax && oldest !== undefined) this.#done(oldest);
    this.#done(number);
    this.#pending.set(number, { txId: this.#transactions++, fields: told });
    return 0;
  }

  #done(number: number): void {
    const exchange = this.#pending.get(number);
    this.#pending.delete(number);
    if (exchange !== undefined) this.#tell(exchange);
  }

  #tell({ txId, fields }: Exchange): void {
    this.#context.emit("kafka", 0, txId, fields);
  }
}
