import type { Client } from 'undici'
import { backendAddress } from '../config/backend-address.ts'
import type { BackendTls } from '../config/backend-tls-settings.ts'
import type { ActiveSettings } from '../config/health-settings.ts'

/** What one check came to; `why` says in a few words why it failed. */
type Probed = { readonly passed: true } | { readonly passed: false; readonly why: string }

/** Checks backends. */
export interface Prober {
  /** Checks the backend at `url` once. Never throws. */
  probe(url: string, signal: AbortSignal): Promise<Probed>
  close(): Promise<void>
}

/**
 * Asks for a path in the protocol that the backend's requests come in, on a fresh connection each time:
 * a backend that no longer accepts any is down, whatever connections it still has. The status decides,
 * as soon as it is there.
 */
export function prober(
  { path, timeout, statuses: [least, most] }: ActiveSettings,
  { ca, verify }: BackendTls,
): Prober {
  // undici takes 15 MiB: only a balancer that checks pays for it.
  const opened = import('undici')
  const asking = new Set<Client>()
  const tls = { rejectUnauthorized: verify, ...(ca && { ca }) }

  async function ask(url: string, signal: AbortSignal): Promise<number> {
    const { Client } = await opened
    const { protocol } = backendAddress(url)
    const client = new Client(url.replace(/^h2c:/i, 'http:'), {
      connect: { ...tls, timeout: timeout * 1000, preferH2: true },
      h2Options: { useH2c: protocol === 'h2c' },
    })
    asking.add(client)
    try {
      const headers = { 'user-agent': 'lb-health-check' }
      const { statusCode, body } = await client.request({
        path,
        method: 'GET',
        headers,
        reset: true,
        signal,
      })
      // Its head is the answer: what becomes of the rest does not matter.
      body.on('error', () => undefined).destroy()
      return statusCode
    } finally {
      asking.delete(client)
      await client.destroy()
    }
  }

  return {
    async probe(url, signal) {
      const late = AbortSignal.timeout(timeout * 1000)
      try {
        const status = await ask(url, AbortSignal.any([signal, late]))
        if (status >= least && status <= most) return { passed: true }
        return { passed: false, why: `GET ${path} answered ${status}` }
      } catch (error) {
        return { passed: false, why: late.aborted ? `no answer in ${timeout} s` : reason(error) }
      }
    },
    async close() {
      await Promise.all([...asking].map((client) => client.destroy()))
    },
  }
}

function reason(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  if (code === 'ECONNREFUSED') return 'connection refused'
  return code === undefined ? message : `${message} (${code})`
}
