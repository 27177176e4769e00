/** Part of a stored document of which nothing is known yet: it is checked against the schema afterwards. */
type Json = unknown
type Fields = Readonly<Record<string, Json>>
type Change = (value: Json) => Json

/** Turns a version-1 document into version 2: fields have other names, and values that are words are others. */
export function fromVersion1(document: object): object {
  return change(document, {
    version: () => 2,
    plan,
    trials: each(trial),
    endings: rename('phaseEndings', each(ending)),
    findings: each(finding),
    comparisons: each(comparison),
    targets: each(targetFacts),
    baseline: (value) => change(value, { differs: rename('differences') }),
    curves: each(curve),
    gates: each(gate),
  }) as object
}

function plan(value: Json): Json {
  return change(value, { faults: each((one) => change(one, { ails: rename('effect') })) })
}

function trial(value: Json): Json {
  return change(value, {
    driverStill: rename('driverStalled'),
    faultCourse: rename('faultTimeline'),
    processes: each((one) => change(one, { course: rename('timeline') })),
    host: (one) => change(one, { hiccups: rename('timerJitter') }),
    verdict: (one) => change(one, { limitedBy: rename('bottleneck', bottleneck) }),
  })
}

function ending(value: Json): Json {
  return change(value, { reason: rename('endedBy'), halfWidth: rename('widestHalfWidth') })
}

function finding(value: Json): Json {
  return change(value, {
    atLeast: rename('isLowerBound'),
    limitedBy: rename('bottleneck', bottleneck),
    balance: (one) =>
      change(one, {
        against: rename('basis'),
        greatestDeviation: rename('maxDeviation'),
        slowest: (slowest) => change(slowest, { bySpeed: rename('shareBySpeed') }),
      }),
    faults: each(faultFinding),
  })
}

function faultFinding(value: Json): Json {
  return change(value, {
    failed: trialRange,
    detect: trialRange,
    recover: trialRange,
    usualShare: rename('shareBefore', trialRange),
    share: rename('shareDuring', trialRange),
    worstP99: rename('maxP99', trialRange),
  })
}

function trialRange(value: Json): Json {
  return change(value, { middle: rename('median') })
}

function comparison(value: Json): Json {
  return change(value, {
    asMeasured: rename('uncorrectedRatio'),
    answer: rename(
      'outcome',
      words({ unclear: 'inconclusive', 'cannot decide': 'too few trials' }),
    ),
  })
}

function targetFacts(value: Json): Json {
  return change(value, {
    unfair: rename('configWarnings'),
    differs: rename('responseDifferences'),
  })
}

function curve(value: Json): Json {
  return change(value, {
    points: each((one) => change(one, { speedUp: rename('speedup') })),
  })
}

function gate(value: Json): Json {
  return change(value, {
    limit: rename('threshold'),
    state: words({ unclear: 'inconclusive' }),
  })
}

const bottleneck = words({ nothing: 'none' })

/** A field under its new name, and what becomes of its value. */
interface Renamed {
  readonly name: string
  readonly value: Change
}

function rename(name: string, value: Change = (same) => same): Renamed {
  return { name, value }
}

/** An object with some of its fields changed, in their order; what is no object stays as it is. */
function change(value: Json, changes: Readonly<Record<string, Change | Renamed>>): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(
    Object.entries(value as Fields).map(([name, old]) => {
      const how = changes[name]
      if (how === undefined) return [name, old]
      return typeof how === 'function' ? [name, how(old)] : [how.name, how.value(old)]
    }),
  )
}

/** Each of a list; what is no list stays as it is. */
function each(one: Change): Change {
  return (value) => (Array.isArray(value) ? value.map(one) : value)
}

/** Words by others. */
function words(others: Readonly<Record<string, string>>): Change {
  return (value) => (typeof value === 'string' ? (others[value] ?? value) : value)
}
