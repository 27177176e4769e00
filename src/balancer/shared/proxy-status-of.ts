import { type FailureReason, failureReasons } from './failure-reasons.ts'

/** The settings that Proxy-Status fields depend on. */
interface ProxyStatusSettings {
  readonly proxyStatus: boolean
  readonly via: string
}

/** The member of a Proxy-Status field for a local reply; undefined where the settings ask for none. */
export function proxyStatusOf(
  { proxyStatus, via }: ProxyStatusSettings,
  reason: FailureReason,
): { readonly name: string; readonly error: string; readonly details: string } | undefined {
  if (!proxyStatus) return undefined
  return { name: via || 'lb', error: failureReasons[reason].proxyError, details: reason }
}
