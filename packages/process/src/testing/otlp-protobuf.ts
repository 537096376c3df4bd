import type { ReceivedAttributes, ReceivedSpan } from './otlp-receiver.ts';

type Field = bigint | Buffer;

/** The fields of a protobuf message, by their numbers. */
function fieldsOf(message: Buffer): Map<number, Field[]> {
  const fields = new Map<number, Field[]>();
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = message[at++];
      if (byte === undefined) throw new RangeError('a truncated message');
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < message.length) {
    const tag = Number(varint());
    let field: Field;
    switch (tag & 7) {
      case 0:
        field = varint();
        break;
      case 1:
        field = message.subarray(at, at + 8);
        at += 8;
        break;
      case 2: {
        const length = Number(varint());
        field = message.subarray(at, at + length);
        at += length;
        break;
      }
      case 5:
        field = message.subarray(at, at + 4);
        at += 4;
        break;
      default:
        throw new TypeError(`wire type ${tag & 7}`);
    }
    fields.set(tag >> 3, [...(fields.get(tag >> 3) ?? []), field]);
  }
  return fields;
}

const messages = (fields: Map<number, Field[]>, number: number) =>
  (fields.get(number) ?? []).map((field) => fieldsOf(field as Buffer));
const bytes = (fields: Map<number, Field[]>, number: number) =>
  (fields.get(number)?.at(-1) ?? Buffer.alloc(0)) as Buffer;
const integer = (fields: Map<number, Field[]>, number: number) =>
  Number((fields.get(number)?.at(-1) ?? 0n) as bigint);

const attributesOf = (fields: Map<number, Field[]>, number: number): ReceivedAttributes =>
  Object.fromEntries(
    messages(fields, number).map((pair) => {
      const value = fieldsOf(bytes(pair, 2));
      const [type, [field] = []] = [...value][0] ?? [];
      const key = bytes(pair, 1).toString();
      if (type === 1) return [key, (field as Buffer).toString()];
      if (type === 2) return [key, field === 1n];
      if (type === 4) return [key, (field as Buffer).readDoubleLE()];
      return [key, type === 3 ? Number(field) : undefined];
    }),
  );

/** The spans of an `ExportTraceServiceRequest`. */
export const readTraces = (request: Buffer): ReceivedSpan[] =>
  messages(fieldsOf(request), 1).flatMap((resourceSpans) => {
    const resource = attributesOf(fieldsOf(bytes(resourceSpans, 1)), 1);
    return messages(resourceSpans, 2)
      .flatMap((scopeSpans) => messages(scopeSpans, 2))
      .map((span) => ({
        traceId: bytes(span, 1).toString('hex'),
        spanId: bytes(span, 2).toString('hex'),
        parentSpanId: bytes(span, 4).toString('hex'),
        name: bytes(span, 5).toString(),
        kind: integer(span, 6),
        startedAt: bytes(span, 7).readBigUInt64LE(),
        endedAt: bytes(span, 8).readBigUInt64LE(),
        attributes: attributesOf(span, 9),
        links: messages(span, 13).map((link) => ({
          traceId: bytes(link, 1).toString('hex'),
          spanId: bytes(link, 2).toString('hex'),
        })),
        status: integer(fieldsOf(bytes(span, 15)), 3),
        resource,
      }));
  });
