import { type Check, onFact } from './check.ts'

/** Sources that are read by a system call or from a device, where the others take some 20 ns in user mode. vdso(7). */
const slow: readonly string[] = ['hpet', 'acpi_pm', 'jiffies', 'refined-jiffies', 'pit', 'xen']

/** The clock that every time is read from. Documentation/timers/timekeeping.rst. */
export const clockSource: Check = {
  name: 'clock-source',
  title: 'clock source',
  examine: ({ clockSource: fact }) =>
    onFact(fact, (source) => {
      if (!slow.includes(source)) return { state: 'ok', found: source }
      return {
        state: source === 'xen' ? 'warn' : 'bad',
        found: source,
        effect:
          'reading the time is a system call or slower, several times for each request: CPU per request rises in driver, target and backends',
        change:
          'echo tsc | sudo tee /sys/devices/system/clocksource/clocksource0/current_clocksource',
        advice: 'choose one that available_clocksource in the same folder has',
        recheck: 'cat /sys/devices/system/clocksource/clocksource0/current_clocksource',
      }
    }),
}
