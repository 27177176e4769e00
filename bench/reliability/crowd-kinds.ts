import type { Protocol } from './protocols.ts'

/** A kind of misbehaving clients. */
interface CrowdKind {
  readonly protocol: Protocol
  /** Its clients, in the columns of the document. */
  readonly name: string
  /** What each of its clients does, behind their number. */
  readonly does: string
  /**
   * Minimum fraction of its connections that are open at any time. Where the balancer closes some, they connect again, so
   * that some are always missing. 0: it must end every one of them in each window.
   */
  readonly open: number
  /** They start over several seconds: started at once, they would all time out at once, again and again. */
  readonly spread: boolean
  /** Milliseconds after which a connection that was closed is opened again. */
  readonly pauseMs: number
}

const usual = { open: 1, spread: false, pauseMs: 100 } as const

/** All kinds, in the order of the columns. */
export const crowdKinds = {
  idle: {
    ...usual,
    protocol: 'http1',
    name: 'idle',
    does: 'connections that are idle after one request',
  },
  slowHeads: {
    ...usual,
    protocol: 'http1',
    name: 'slow heads',
    does: 'clients that send a head at one byte per second',
    open: 0.9,
    spread: true,
  },
  slowReaders: {
    ...usual,
    protocol: 'http1',
    name: 'slow readers',
    does: 'clients that read 16 MiB at 64 KiB a second',
    spread: true,
  },
  idleHttp2: {
    ...usual,
    protocol: 'http2',
    name: 'idle',
    does: 'connections that are idle after one request',
  },
  zeroWindows: {
    ...usual,
    protocol: 'http2',
    name: 'zero windows',
    does: 'clients that request 16 MiB on each of four streams and open no window',
  },
  unfinishedHeads: {
    ...usual,
    protocol: 'http2',
    name: 'unfinished heads',
    does: 'clients that send a header block one byte per second, in CONTINUATION frames',
    open: 0.9,
    spread: true,
  },
  resetFloods: {
    ...usual,
    protocol: 'http2',
    name: 'reset floods',
    does: 'clients that open and reset 1,200 streams at once, and again a second after they were cut off',
    open: 0,
    pauseMs: 1000,
  },
  continuationFloods: {
    ...usual,
    protocol: 'http2',
    name: 'CONTINUATION floods',
    does: 'clients that send a header block of 1 MiB in CONTINUATION frames, and again a second after they were cut off',
    open: 0,
    pauseMs: 1000,
  },
} as const satisfies Readonly<Record<string, CrowdKind>>

/** The name of a kind. */
export type CrowdKindName = keyof typeof crowdKinds

/** Numbers of clients by kind, for the kinds of one protocol. */
export type CrowdSize = Readonly<Partial<Record<CrowdKindName, number>>>

/** The kinds of a crowd, in order. */
export function kindsOf(size: CrowdSize): CrowdKindName[] {
  return (Object.keys(crowdKinds) as CrowdKindName[]).filter((kind) => size[kind] !== undefined)
}

/** Number of clients of all kinds. */
export function clientsOf(size: CrowdSize): number {
  return kindsOf(size).reduce((sum, kind) => sum + (size[kind] ?? 0), 0)
}
