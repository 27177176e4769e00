import { type Check, onFact } from './check.ts'

/** Transparent huge pages. Documentation/admin-guide/mm/transhuge.rst. */
export const hugePages: Check = {
  name: 'huge-pages',
  title: 'transparent huge pages',
  examine: ({ hugePages: fact }) =>
    onFact(fact, (mode) => {
      if (mode !== 'always') return { state: 'ok', found: mode }
      return {
        state: 'warn',
        found: mode,
        effect:
          'memory is given in steps of 2 MiB and compacted in the background: memory figures jump, and now and then a request waits',
        change: 'echo madvise | sudo tee /sys/kernel/mm/transparent_hugepage/enabled',
        recheck: 'cat /sys/kernel/mm/transparent_hugepage/enabled',
      }
    }),
}
