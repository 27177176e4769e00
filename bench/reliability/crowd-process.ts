import { connect } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { serveRequests } from '../../src/kit/rpc.ts'
import type { Behaviour } from './crowd-behaviour.ts'
import { http1Crowd } from './crowd-http1.ts'
import { http2Crowd } from './crowd-http2.ts'
import { type CrowdKindName, type CrowdSize, crowdKinds, kindsOf } from './crowd-kinds.ts'

/** Options of the crowd. */
export interface CrowdOptions {
  readonly port: number
  readonly size: CrowdSize
  /** Seconds over which the kinds that are spread start. */
  readonly spreadSeconds: number
}

/** The current state of the crowd, by kind. */
export interface CrowdCounts {
  /** Open connections that have begun to misbehave. */
  readonly open: CrowdSize
  /** Number of connections that were closed by the balancer, and opened again. */
  readonly reopened: CrowdSize
}

const behaviours: Readonly<Record<CrowdKindName, Behaviour>> = { ...http1Crowd, ...http2Crowd }
/** Maximum number of connections that are opened at the same time. */
const maxOpening = 200
const openConnections: Partial<Record<CrowdKindName, number>> = {}
const reopened: Partial<Record<CrowdKindName, number>> = {}
let clients = 0

/** Opens a connection from one of 50 addresses, and again whenever it is closed; settles when it is first open. */
function keepOpen(port: number, kind: CrowdKindName): Promise<void> {
  const localAddress = `127.0.2.${1 + (clients++ % 50)}`
  return new Promise((resolve) => {
    const connectAgain = () => {
      const socket = connect({ port, host: '127.0.0.1', localAddress })
      let counted = 0
      socket.on('connect', () =>
        behaviours[kind](socket, () => {
          openConnections[kind] = (openConnections[kind] ?? 0) + 1 - counted
          counted = 1
          resolve()
        }),
      )
      socket.on('error', () => undefined)
      socket.on('close', () => {
        openConnections[kind] = (openConnections[kind] ?? 0) - counted
        reopened[kind] = (reopened[kind] ?? 0) + 1
        setTimeout(connectAgain, crowdKinds[kind].pauseMs)
      })
    }
    connectAgain()
  })
}

/** Opens connections as fast as possible, at most `maxOpening` at a time. */
async function openFast(port: number, kind: CrowdKindName, count: number): Promise<void> {
  for (let n = 0; n < count; n += maxOpening) {
    const now = Math.min(maxOpening, count - n)
    await Promise.all(Array.from({ length: now }, () => keepOpen(port, kind)))
  }
}

/** Opens connections one after the other, evenly over so many seconds. */
async function openSpread(
  port: number,
  kind: CrowdKindName,
  over: { readonly count: number; readonly seconds: number },
): Promise<void> {
  const opening: Promise<void>[] = []
  for (let n = 0; n < over.count; n++) {
    opening.push(keepOpen(port, kind))
    await wait((over.seconds / over.count) * 1000)
  }
  await Promise.all(opening)
}

serveRequests({
  async start({ port, size, spreadSeconds }: CrowdOptions): Promise<void> {
    const spread = (kind: CrowdKindName) => crowdKinds[kind].spread
    for (const kind of kindsOf(size).filter((one) => !spread(one)))
      await openFast(port, kind, size[kind] ?? 0)
    await Promise.all(
      kindsOf(size)
        .filter(spread)
        .map((kind) => openSpread(port, kind, { count: size[kind] ?? 0, seconds: spreadSeconds })),
    )
  },
  counts: (): CrowdCounts => ({ open: openConnections, reopened }),
  stop(): void {
    process.exit(0)
  },
})
