import { gunzipSync, gzipSync } from 'node:zlib'
import {
  type FunctionInput,
  Profile as Pprof,
  type Function as PprofFunction,
  type Sample,
  StringTable,
} from 'pprof-format'
import { UsageError } from '../kit/errors.ts'
import type { Frame, Profile, ProfileKind } from './profile.ts'
import { profileBuilder } from './profile-builder.ts'

/** Name of the value of each kind, as Go names those of its profiles. */
const valueNames = {
  cpu: 'cpu',
  heap: 'inuse_space',
  activity: 'open',
} as const satisfies Record<ProfileKind, string>

/** Label of a sample with its thread. */
const workerLabel = 'worker'

/**
 * A profile in pprof's format, gzipped: `go tool pprof` reads it. The worker is a label of each sample. Values are rounded to
 * whole numbers, since the format has no others.
 *
 * Source: google/pprof, proto/profile.proto.
 */
export function encodePprof({ kind, unit, seconds, frames, samples }: Profile): Uint8Array {
  const strings = new StringTable()
  const text = (value: string) => strings.dedup(value)
  const valueType = { type: text(valueNames[kind]), unit: text(unit) }
  const functions = frames.map(
    ({ name, file, line }, index): FunctionInput => ({
      id: index + 1,
      name: text(name),
      systemName: text(name),
      filename: text(file),
      startLine: line,
    }),
  )
  const profile = new Pprof({
    sampleType: [valueType],
    periodType: valueType,
    durationNanos: Math.round(seconds * 1e9),
    function: functions,
    // Each function is one location: samples do not have the line inside it.
    location: frames.map(({ line }, index) => ({
      id: index + 1,
      line: [{ functionId: index + 1, line }],
    })),
    sample: samples.map(({ stack, value, worker }) => ({
      locationId: stack.map((index) => index + 1).reverse(),
      value: [Math.round(value)],
      label: worker === undefined ? [] : [{ key: text(workerLabel), str: text(worker) }],
    })),
    stringTable: strings,
  })
  return gzipSync(profile.encode())
}

/** Maximum size of an unpacked profile, in bytes. */
const maxBytes = 256 * 1024 ** 2

/** Kinds of profiles by the unit of their values, and by how much a value is multiplied. */
const kindsByUnit: Readonly<
  Record<string, { readonly kind: ProfileKind; readonly scale: number }>
> = {
  nanoseconds: { kind: 'cpu', scale: 1e-3 },
  microseconds: { kind: 'cpu', scale: 1 },
  milliseconds: { kind: 'cpu', scale: 1e3 },
  seconds: { kind: 'cpu', scale: 1e6 },
  bytes: { kind: 'heap', scale: 1 },
  count: { kind: 'activity', scale: 1 },
}

/**
 * Reads a profile in pprof's format, gzipped or not, of this program or of another one, such as a server written in Go. Of
 * several values of a sample it takes the one with this name, where there is one, or the one that `go tool pprof` takes: the
 * default, or else the last. Values below 0, which the difference of two profiles has where memory was freed, are left out.
 *
 * @param valueName such as `alloc_space`
 * @throws UsageError when it is not a profile, or when its values have no unit that is known
 */
export function decodePprof(bytes: Uint8Array, valueName?: string): Profile {
  const pprof = parse(bytes)
  const { strings } = pprof.stringTable
  const text = (index: number | bigint) => strings[Number(index)] ?? ''
  const types = pprof.sampleType.map(({ type, unit }) => ({ type: text(type), unit: text(unit) }))
  const named = [valueName, text(pprof.defaultSampleType)].map((name) =>
    types.findIndex(({ type }) => type === name),
  )
  const chosen = named.find((index) => index !== -1) ?? types.length - 1
  const unit = types[chosen]?.unit ?? ''
  const known = kindsByUnit[unit]
  if (known === undefined) {
    throw new UsageError(
      `the values of the profile are in ${unit === '' ? 'no unit' : `"${unit}"`}`,
      'give a profile of CPU time, of the heap, or of counts',
    )
  }
  const framesOf = locationsOf(pprof, text)
  const builder = profileBuilder(known.kind)
  for (const sample of pprof.sample) {
    const stack = sample.locationId.flatMap((id) => framesOf(Number(id))).reverse()
    const value = Math.max(0, signed(sample.value[chosen] ?? 0))
    builder.add(stack, value * known.scale, workerOf(sample, text))
  }
  return builder.build(Number(pprof.durationNanos) / 1e9)
}

/** The number of an int64, which the library reads as an unsigned one. */
function signed(value: number | bigint): number {
  return Number(BigInt.asIntN(64, BigInt(value)))
}

function parse(bytes: Uint8Array): Pprof {
  try {
    const packed = bytes[0] === 0x1f && bytes[1] === 0x8b
    const profile = Pprof.decode(packed ? gunzipSync(bytes, { maxOutputLength: maxBytes }) : bytes)
    if (profile.sampleType.length > 0) return profile
  } catch {}
  throw new UsageError(
    'the data is not a profile in the format of pprof',
    'give a file that go tool pprof reads',
  )
}

/** Gives the frames of a location, leaf first: functions that were inlined are before the one that they are in. */
function locationsOf(
  { location: locations, function: functions }: Pprof,
  text: (index: number | bigint) => string,
): (id: number) => readonly Frame[] {
  const functionsById = new Map(functions.map((one) => [Number(one.id), one]))
  const framesById = new Map(
    locations.map(({ id, address, line: lines }): [number, Frame[]] => {
      const frames = lines.map(({ functionId }) =>
        frameOf(functionsById.get(Number(functionId)), text),
      )
      const unnamed = { name: `0x${address.toString(16)}`, file: '', line: 0 }
      return [Number(id), frames.length === 0 ? [unnamed] : frames]
    }),
  )
  return (id) => framesById.get(id) ?? []
}

function frameOf(
  found: PprofFunction | undefined,
  text: (index: number | bigint) => string,
): Frame {
  if (found === undefined) return { name: '(unknown)', file: '', line: 0 }
  const { name, filename, startLine } = found
  return { name: text(name), file: text(filename), line: Number(startLine) }
}

function workerOf(
  { label: labels }: Sample,
  text: (index: number | bigint) => string,
): string | undefined {
  const found = labels.find(({ key }) => text(key) === workerLabel)
  return found && text(found.str)
}
