import { isIP } from 'node:net'

/** Whether `text` is the address of a name server: `1.2.3.4`, `1.2.3.4:53`, `::1` or `[::1]:53`. */
export function isServer(text: string): boolean {
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d{1,5}))?$/.exec(text) ?? []
  if (isIP(text) !== 0) return true
  const portIsValid = port === undefined || (Number(port) > 0 && Number(port) < 65_536)
  return portIsValid && (isIP(bracketed ?? '') === 6 || isIP(plain ?? '') === 4)
}
