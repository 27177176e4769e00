import { isIP } from 'node:net'
import { UsageError } from '../kit/errors.ts'

/** Addresses that stand in for those that a name resolves to. */
interface ResolveRule {
  /** A name in lower case; `*`: any. */
  readonly host: string
  readonly port: number
  readonly addresses: readonly string[]
}

/**
 * Reads `HOST:PORT:ADDRESS[,ADDRESS]`, as `--resolve` of curl has it; an IPv6 address may stand in brackets.
 *
 * @throws {UsageError} it is something else
 */
export function resolveRule(text: string): ResolveRule {
  const parts = /^(?<host>\[[^\]]*\]|[^:]+):(?<port>\d+):(?<list>.+)$/.exec(text)?.groups
  const { host = '', port = '', list = '' } = parts ?? {}
  const addresses = list.split(',').map((one) => one.trim().replace(/^\[(.*)\]$/, '$1'))
  const wrong = addresses.find((one) => isIP(one) === 0)
  const number = Number(port)
  if (parts !== undefined && wrong === undefined && number > 0 && number < 65_536) {
    return { host: host.replace(/^\[|\]$/g, '').toLowerCase(), port: number, addresses }
  }
  const why =
    parts !== undefined && wrong !== undefined
      ? `"${wrong}" is not an IP address`
      : 'it is not HOST:PORT:ADDRESS'
  throw new UsageError(
    `--resolve "${text}" cannot be used: ${why}`,
    'write it as --resolve shop.test:443:127.0.0.1, with further addresses behind commas',
  )
}
