/** How the connections of a load were made, as client and server agreed on it. Counts are from the first request to the last. */
export interface ConnectionFacts {
  readonly protocol: 'http/1.1' | 'h2'
  /** By address: `127.0.0.1:8080`, `[::1]:8080`, `unix:/run/app.sock`. */
  readonly addresses: Readonly<Record<string, AddressFacts>>
  /** Over TLS only. */
  readonly tls?: {
    /** Whether certificates were checked. */
    readonly checked: boolean
    /** Connections that resumed the session of an earlier one (RFC 8446, section 2.2). */
    readonly resumed: number
    /** Connections by TLS version and cipher: `TLSv1.3 TLS_AES_256_GCM_SHA384`. */
    readonly negotiated: Readonly<Record<string, number>>
  }
}

/** Connections to one address, and the requests on them. */
interface AddressFacts {
  /** Connections that were opened, those in place of closed ones included. */
  readonly opened: number
  /** Requests with a complete response, and those without one. */
  readonly responses: number
  readonly failed: number
  /** The error code for which the address was left out. */
  readonly unreachable?: string
}

/** The facts of several drivers as those of one. */
export function mergeConnectionFacts(all: readonly ConnectionFacts[]): ConnectionFacts {
  const secure = all.flatMap(({ tls }) => tls ?? [])
  return {
    protocol: all[0]?.protocol ?? 'http/1.1',
    addresses: mergeRecords(
      all.map(({ addresses }) => addresses),
      (a, b) => ({
        ...a,
        ...b,
        opened: a.opened + b.opened,
        responses: a.responses + b.responses,
        failed: a.failed + b.failed,
      }),
    ),
    ...(secure.length > 0 && {
      tls: {
        checked: secure.every(({ checked }) => checked),
        resumed: secure.reduce((sum, { resumed }) => sum + resumed, 0),
        negotiated: mergeRecords(
          secure.map(({ negotiated }) => negotiated),
          (a, b) => a + b,
        ),
      },
    }),
  }
}

function mergeRecords<Value>(
  records: readonly Readonly<Record<string, Value>>[],
  merge: (a: Value, b: Value) => Value,
): Record<string, Value> {
  const merged = new Map<string, Value>()
  for (const [name, value] of records.flatMap((one) => Object.entries(one))) {
    const before = merged.get(name)
    merged.set(name, before === undefined ? value : merge(before, value))
  }
  return Object.fromEntries(merged)
}
