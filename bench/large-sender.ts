import { readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { Agent, request } from 'undici'
import { reviewOf } from './reviews.ts'

/** Bytes: an object as large as etcd takes them, old and new, with what JSON adds. */
const LARGE = 5_000_000

/** Sends a review of 5 MB a second, until it is ended; says so when the first has been answered. */
const [url = '', caFile = ''] = process.argv.slice(2)
const review = JSON.parse(reviewOf({ references: 1, containers: 1 }))
review.request.object.metadata.annotations = Object.fromEntries(
  Array.from({ length: LARGE / 1000 }, (_, i) => [`example.com/${i}`, 'x'.repeat(970)]),
)
const body = JSON.stringify(review)
const dispatcher = new Agent({ connect: { ca: readFileSync(caFile, 'utf8') }, allowH2: false })
const headers = { 'content-type': 'application/json' }
for (let sent = 1; ; sent += 1) {
  const answer = await request(`${url}/validate?timeout=10s`, { dispatcher, method: 'POST', headers, body })
  const text = await answer.body.text()
  if (!text.includes('"allowed":true')) throw new Error(`answered ${answer.statusCode}: ${text}`)
  if (sent === 1) console.log('begun')
  await wait(1000)
}
