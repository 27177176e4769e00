import { isIP, type LookupFunction } from 'node:net'
import type { ResolverSettings } from '../config/resolver-settings.ts'
import { isLocalhost, type Lookup, type SystemFiles, startLookup } from './lookup.ts'
import { LookupError } from './lookup-error.ts'
import {
  inTurn,
  keepBad,
  keepFailed,
  keepFound,
  type NameRecord,
  newNameRecord,
} from './name-record.ts'

/** The names of backends and their addresses, for one thread. No connection waits for a lookup but the first ones. */
export interface Names {
  /**
   * The addresses of a name, for `net.connect`, `tls.connect` and undici: from memory, each time beginning with the
   * next one. Only before the first lookup has ended does it wait.
   */
  readonly lookup: LookupFunction
  /** A connect to one of the addresses failed: it is tried last for a while. */
  connectFailed(host: string, address: string): void
  /**
   * Looks up again the names that are due, whether they are in use or not, and forgets those that are not in `hosts`.
   * Called several times a second.
   */
  refresh(hosts: ReadonlySet<string>): void
  /** Ends all lookups. */
  close(): void
}

/** Options of the names. */
export interface NamesOptions {
  readonly settings: ResolverSettings
  /** Seconds. */
  readonly now: () => number
  /** The addresses of a name are others than before; called after the first lookup, too. */
  onMoved?(host: string, addresses: readonly string[]): void
  readonly files?: SystemFiles
}

type Waiter = () => void

/** A name, the lookup in progress, and the connections that wait for it. */
interface Entry {
  readonly record: NameRecord
  lookup: Lookup | undefined
  readonly waiting: Set<Waiter>
  dropped: boolean
}

/** Maximum number of names: more than there are backends at once. Beyond it the oldest is forgotten. */
const maxNames = 4096

/** The names of one thread. */
export function newNames({ settings, now, onMoved, files }: NamesOptions): Names {
  const entries = new Map<string, Entry>()

  function entryOf(host: string): Entry {
    const known = entries.get(host)
    if (known !== undefined) return known
    const entry = {
      record: newNameRecord(!isLocalhost(host)),
      lookup: undefined,
      waiting: new Set<Waiter>(),
      dropped: false,
    }
    entries.set(host, entry)
    for (const [oldest, other] of entries) {
      if (entries.size <= maxNames) break
      forget(oldest, other)
    }
    return entry
  }

  function forget(host: string, entry: Entry): void {
    entry.dropped = true
    entry.lookup?.cancel()
    entries.delete(host)
  }

  function lookIfDue(host: string, entry: Entry): void {
    if (entry.lookup === undefined && entry.record.nextAt <= now()) void look(host, entry)
  }

  /** Never rejects. */
  async function look(host: string, entry: Entry): Promise<void> {
    const { record } = entry
    const before = record.addresses
    try {
      entry.lookup = startLookup(host, settings, files)
      const found = await entry.lookup.addresses
      keepFound(record, found, { now: now(), refresh: settings.refresh })
    } catch (error) {
      const failed =
        error instanceof LookupError ? error : new LookupError('lookup-failed', `${error}`)
      keepFailed(record, failed, now())
    }
    entry.lookup = undefined
    const moved = before.join() !== record.addresses.join()
    if (moved && !entry.dropped) onMoved?.(host, record.addresses)
    const waiting = [...entry.waiting]
    entry.waiting.clear()
    for (const waiter of waiting) waiter()
  }

  return {
    lookup(host, options, callback) {
      const entry = entryOf(host)
      const reply = () => {
        const [first, ...others] = inTurn(entry.record, now())
        if (first === undefined) callback(errorOf(host, entry.record), '')
        else if (options.all === true) callback(null, [first, ...others].map(withFamily))
        else callback(null, first, isIP(first))
      }
      const { addresses, error } = entry.record
      if (addresses.length > 0 || error !== undefined) process.nextTick(reply)
      else entry.waiting.add(reply)
      lookIfDue(host, entry)
    },
    connectFailed(host, address) {
      const entry = entries.get(host)
      if (entry !== undefined) keepBad(entry.record, address, now())
    },
    refresh(hosts) {
      for (const [host, entry] of entries) if (!hosts.has(host)) forget(host, entry)
      for (const host of hosts) lookIfDue(host, entryOf(host))
    },
    close() {
      for (const [host, entry] of entries) forget(host, entry)
    },
  }
}

function withFamily(address: string): { readonly address: string; readonly family: number } {
  return { address, family: isIP(address) }
}

/** A new error each time, since its stack and fields may be changed by whoever gets it. */
function errorOf(host: string, { error }: NameRecord): NodeJS.ErrnoException {
  const reason = error?.failureReason ?? 'lookup-failed'
  return new LookupError(reason, error?.message ?? `name not found: ${host}`)
}

/** The names among the hosts of backends: an IP address needs no lookup. */
export function namesAmong(
  backends: readonly ({ readonly host: string } | undefined)[],
): ReadonlySet<string> {
  const hosts = backends.map((backend) => backend?.host ?? '')
  return new Set(hosts.filter((host) => host !== '' && isIP(host) === 0))
}
