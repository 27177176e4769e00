import { readFileSync } from 'node:fs'

/**
 * Names the boot of this host, and so its monotonic clock: times that two processes read are comparable where both have the
 * same. Empty where the kernel does not tell it. random(4).
 */
export function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  } catch {
    return ''
  }
}
