import type { Profile } from '../profile.ts'

/** A profile and the name that it is shown under. */
export interface NamedProfile {
  readonly name: string
  readonly profile: Profile
}

/** Units in the file format of speedscope. */
const units = { microseconds: 'microseconds', bytes: 'bytes', count: 'none' } as const

/**
 * Profiles in the file format of speedscope, each under its own name; https://www.speedscope.app/file-format-schema.json.
 */
export function speedscopeFile(profiles: readonly NamedProfile[], title: string): string {
  const frames: object[] = []
  const shown = profiles.map(({ name, profile }) => {
    const first = frames.length
    frames.push(
      ...profile.frames.map((frame) => ({
        name: frame.name,
        ...(frame.file !== '' && { file: frame.file }),
        ...(frame.line > 0 && { line: frame.line }),
      })),
    )
    const weights = profile.samples.map(({ value }) => value)
    return {
      type: 'sampled',
      name,
      unit: units[profile.unit],
      startValue: 0,
      endValue: weights.reduce((sum, value) => sum + value, 0),
      samples: profile.samples.map(({ stack }) => stack.map((index) => first + index)),
      weights,
    }
  })
  return JSON.stringify({
    $schema: 'https://www.speedscope.app/file-format-schema.json',
    exporter: 'lb',
    name: title,
    activeProfileIndex: 0,
    shared: { frames },
    profiles: shown,
  })
}
