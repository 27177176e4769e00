import type { ActiveSettings } from './health-settings.ts'

/** What one check came to; `why` says in a few words why it failed. */
type Probed = { readonly passed: true } | { readonly passed: false; readonly why: string }

/** Checks backends. */
export interface Prober {
  /** Checks the backend at `url` once. Never throws. */
  probe(url: string, signal: AbortSignal): Promise<Probed>
  close(): Promise<void>
}

/** What is read at most of the body of an answer, in bytes. */
const mostBody = 65_536

/**
 * Asks for a path, on a fresh connection each time: a backend that no longer accepts any is down,
 * whatever connections it still has. The status decides, as soon as it is there.
 */
export function prober({ path, timeout, statuses: [least, most] }: ActiveSettings): Prober {
  // undici takes 15 MiB: only a balancer that checks pays for it.
  const opened = import('undici').then(
    ({ Agent }) => new Agent({ connect: { timeout: timeout * 1000 } }),
  )
  return {
    async probe(url, signal) {
      const agent = await opened
      const late = AbortSignal.timeout(timeout * 1000)
      try {
        const { statusCode, body } = await agent.request({
          origin: url,
          path,
          method: 'GET',
          headers: { 'user-agent': 'lb-health-check' },
          reset: true,
          signal: AbortSignal.any([signal, late]),
        })
        // Its head is the answer: what becomes of the rest does not matter.
        body.dump({ limit: mostBody }).catch(() => undefined)
        if (statusCode >= least && statusCode <= most) return { passed: true }
        return { passed: false, why: `GET ${path} answered ${statusCode}` }
      } catch (error) {
        return { passed: false, why: late.aborted ? `no answer in ${timeout} s` : reason(error) }
      }
    },
    async close() {
      await (await opened).destroy()
    },
  }
}

function reason(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  if (code === 'ECONNREFUSED') return 'connection refused'
  return code === undefined ? message : `${message} (${code})`
}
