const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

const pattern =
  /^(\d{2})\/([A-Z][a-z]{2})\/(\d{4}):(\d{2}):(\d{2}):(\d{2})(?:\.(\d{3}))?(?: ([+-])(\d{2})(\d{2}))?$/

/** Milliseconds since 1970 of `10/Oct/2026:13:55:36 +0200`, or `…:36.655` without a zone (read as UTC); undefined if it is neither. */
export function clfTime(text: string): number | undefined {
  const match = pattern.exec(text)
  if (match === null) return undefined
  const [, day, name = '', year, hour, minute, second, ms = '0', sign, zoneHours, zoneMinutes] =
    match
  const month = months.indexOf(name)
  if (month === -1) return undefined
  const local = Date.UTC(
    ...([Number(year), month, Number(day), Number(hour), Number(minute)] as const),
    ...([Number(second), Number(ms)] as const),
  )
  const zone = (Number(zoneHours ?? 0) * 60 + Number(zoneMinutes ?? 0)) * 60_000
  return sign === '-' ? local + zone : local - zone
}
