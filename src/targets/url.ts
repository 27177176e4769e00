import { type Dialer, dialer } from '../connect/dialer.ts'
import { UsageError } from '../kit/errors.ts'
import { shownUrl, type TargetUrl, targetUrl } from '../plan/target-url.ts'
import { transportOf } from '../plan/transport.ts'
import { firstResponse } from './first-response.ts'
import type { Target, TargetSettings } from './target.ts'
import { certificateOf, isUntrusted } from './untrusted-certificate.ts'

/**
 * A server that runs already, on any host. Its backends are its own, so that lb cannot count what they receive, and its
 * costs are known only with the pid of a process on this host.
 */
export const url: Target = {
  name: 'url',
  summary: 'a server that runs already, at --url; with --pid its costs are measured too',
  algorithms: {},
  needs: 'url',

  unavailable: async () => undefined,
  version: async () => undefined,

  async prepare({ settings }) {
    const { url: address, pid } = settings ?? {}
    if (settings === undefined || address === undefined) {
      throw new UsageError('target url needs --url', 'use --url http://HOST:PORT')
    }
    const { target } = await checkUrlSettings(settings)
    await checkResponds(target, settings)
    return { by: 'running', url: new URL(address), pid, ourBackends: false }
  },
}

/** Settings that only TLS has, with their flags. */
const secureOnly = {
  insecure: '--insecure',
  ca: '--ca',
  cert: '--cert',
  key: '--key',
  tlsSessions: '--tls-sessions',
} as const

/**
 * Checks the settings of a server without sending it anything: its address, its name, and the files for TLS.
 *
 * @throws {UsageError} one cannot be used; with its flag
 */
export async function checkUrlSettings(
  settings: TargetSettings,
): Promise<Pick<Dialer, 'target' | 'endpoints'>> {
  const target = targetUrl(settings.url ?? '')
  const isSecure = target.url.protocol === 'https:'
  for (const [name, flag] of Object.entries(secureOnly)) {
    if (isSecure || settings[name as keyof typeof secureOnly] === undefined) continue
    throw new UsageError(
      `${flag} is for an https address, and ${shownUrl(target)} is none`,
      `omit ${flag}, or use --url https://HOST`,
    )
  }
  return dialer(target, settings)
}

/** Seconds within which it must respond. */
const timeout = 5

/** Any response is enough: a redirect, too, is for the load to count. */
async function checkResponds(target: TargetUrl, settings: TargetSettings): Promise<void> {
  const transport = transportOf(settings)
  const { pathname, search } = target.url
  const request = { method: 'GET', path: `${pathname}${search}`, bodyBytes: 0 } as const
  const { signal } = new AbortController()
  try {
    await firstResponse(new URL(settings.url ?? ''), request, { ...transport, timeout, signal })
  } catch (error) {
    if (error instanceof UsageError) throw error
    if (isUntrusted(error as NodeJS.ErrnoException))
      throw await untrusted(error as NodeJS.ErrnoException)
    throw new UsageError(
      `--url: ${shownUrl(target)} cannot be reached: ${reasonOf(error as NodeJS.ErrnoException)}`,
      'start it first, or correct the address',
    )
  }

  async function untrusted(error: NodeJS.ErrnoException): Promise<UsageError> {
    const shown = await certificateOf(target, transport, AbortSignal.timeout(timeout * 1e3))
    const which = shown === undefined ? 'its certificate' : `its certificate (${shown})`
    return new UsageError(
      `--url: ${shownUrl(target)} is not trusted: ${which}: ${reasonOf(error)}`,
      'use --ca FILE with the certificate of the authority that issued it, or --insecure to accept any',
    )
  }
}

/** The message of an error without the advice that Node adds, and with its code where the message does not have it. */
function reasonOf({ message, code }: NodeJS.ErrnoException): string {
  const own = message.replace(/; if the root CA is installed locally.*/s, '')
  return code === undefined || own.includes(code) ? own : `${own} (${code})`
}
