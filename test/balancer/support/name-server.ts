import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'

/** What a name server knows of a name; a name that it does not know does not exist. */
export interface Zone {
  readonly a?: readonly string[]
  /** `silent`: no reply to this type. */
  readonly aaaa?: readonly string[] | 'silent'
  /** Seconds. */
  readonly ttl?: number
  /** `silent`: no reply. `broken`: SERVFAIL. */
  readonly fault?: 'silent' | 'broken'
}

/** A name server on loopback whose zones the test changes. */
export interface NameServer extends AsyncDisposable {
  /** For the setting `resolver.servers`. */
  readonly address: string
  readonly zones: Map<string, Zone>
  /** Names that were asked for, each once per query. */
  readonly asked: string[]
}

const typeA = 1
const typeAaaa = 28
const rcode = { none: 0, broken: 2, unknown: 3 } as const

/** Starts it with these zones. */
export async function nameServer(zones: Readonly<Record<string, Zone>>): Promise<NameServer> {
  const known = new Map(Object.entries(zones))
  const asked: string[] = []
  const socket = createSocket('udp4')
  socket.on('message', (query, { port, address }) => {
    const { name, type, end } = questionOf(query)
    asked.push(name)
    const zone = known.get(name)
    if (zone?.fault === 'silent' || (type === typeAaaa && zone?.aaaa === 'silent')) return
    socket.send(replyTo(query.subarray(0, end), zone, type), port, address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  return {
    address: `127.0.0.1:${(socket.address() as AddressInfo).port}`,
    zones: known,
    asked,
    async [Symbol.asyncDispose]() {
      socket.close()
    },
  }
}

function questionOf(query: Buffer) {
  const labels: string[] = []
  let at = 12
  for (let size = query[at] as number; size > 0; size = query[at] as number) {
    labels.push(query.toString('latin1', at + 1, at + 1 + size))
    at += 1 + size
  }
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 }
}

/** RFC 1035, section 4.1: the question again, and a record for each address. */
function replyTo(question: Buffer, zone: Zone | undefined, type: number): Buffer {
  const records = type === typeA ? zone?.a : type === typeAaaa ? zone?.aaaa : []
  const addresses = zone?.fault === undefined && Array.isArray(records) ? records : []
  const reply = Buffer.from(question)
  const code = zone === undefined ? rcode.unknown : zone.fault ? rcode.broken : rcode.none
  reply.writeUInt16BE(0x8180 | code, 2)
  reply.writeUInt16BE(addresses.length, 6)
  reply.writeUInt16BE(0, 8)
  reply.writeUInt16BE(0, 10)
  return Buffer.concat([reply, ...addresses.map((address) => record(address, zone?.ttl ?? 60))])
}

function record(address: string, ttl: number): Buffer {
  const v4 = !address.includes(':')
  const data = v4 ? Buffer.from(address.split('.').map(Number)) : ipv6(address)
  const head = Buffer.alloc(12)
  head.writeUInt16BE(0xc00c, 0)
  head.writeUInt16BE(v4 ? typeA : typeAaaa, 2)
  head.writeUInt16BE(1, 4)
  head.writeUInt32BE(ttl, 6)
  head.writeUInt16BE(data.length, 10)
  return Buffer.concat([head, data])
}

function ipv6(address: string): Buffer {
  const [before = '', after = ''] = address.split('::')
  const groups = (text: string) => text.split(':').filter((group) => group !== '')
  const missing = 8 - groups(before).length - groups(after).length
  const all = [...groups(before), ...Array.from({ length: missing }, () => '0'), ...groups(after)]
  const bytes = Buffer.alloc(16)
  for (const [index, group] of all.entries())
    bytes.writeUInt16BE(Number.parseInt(group, 16), 2 * index)
  return bytes
}
