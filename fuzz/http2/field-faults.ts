import type { Fields } from './blocks.ts'

const connectionSpecific = [
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
]

/** Fields that no message in HTTP/2 may have: RFC 9113, sections 8.2.1 and 8.2.2. */
export function fieldFaults(fields: Fields): string[] {
  return fields.flatMap(([name, value]) => {
    if (connectionSpecific.includes(name)) return [`the field ${name}`]
    if (!/^:?[!#$%&'*+.^`|~\w-]+$/.test(name) || /[A-Z]/.test(name)) {
      return [`the field name ${JSON.stringify(name)}`]
    }
    return /[\0\r\n]|^[ \t]|[ \t]$/.test(value) ? [`the value ${JSON.stringify(value)}`] : []
  })
}
