import { join } from 'node:path'
import t from 'tap'
import { demoCommand } from '../../../src/commands/demo/demo.ts'
import { runCommand } from '../ask/run-command.ts'

const HOST = 'your.private.registry.example.com'
const FILE = `apiVersion: v1
kind: Namespace
metadata: {name: team-a, labels: {regcred.dev/mode: enforce}}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: ci, namespace: team-a}
imagePullSecrets: [{name: acme}]
---
apiVersion: v1
kind: Secret
metadata: {name: acme, namespace: team-a}
type: kubernetes.io/dockerconfigjson
stringData: {.dockerconfigjson: '{"auths": {"${HOST}": {"username": "a", "password": "hunter2"}}}'}
---
apiVersion: v1
kind: Pod
metadata: {name: listed, namespace: team-a}
spec:
  serviceAccountName: ci
  containers: [{name: web, image: ${HOST}/web:1}]
---
apiVersion: v1
kind: Pod
metadata: {name: found, namespace: team-a}
spec:
  containers: [{name: web, image: ${HOST}/web:1}]
---
apiVersion: v1
kind: Pod
metadata: {name: misspelt, namespace: team-a}
spec:
  imagePullSecrets: [{name: amce}]
  containers: [{name: web, image: ${HOST}/web:1}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      imagePullSecrets: [{name: regcerd}]
      containers: [{name: web, image: ${HOST}/web:1}]
---
apiVersion: v1
kind: Pod
metadata: {name: refused, namespace: awesomeapps}
spec:
  containers: [{name: web, image: ${HOST}/web:1}]
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: default}
imagePullSecrets: [{name: regcred}]
---
apiVersion: v1
kind: Pod
metadata: {name: plain}
spec:
  containers: [{name: web, image: ${HOST}/web:1}]
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
`

t.test('of the objects of a file it prints what kubectl would', async t => {
  const file = join(t.testdir({ 'web.yaml': FILE }), 'web.yaml')
  const { out, err, status } = await runCommand(demoCommand, ['--apply', file])
  t.equal(err, '')
  t.equal(
    out.replaceAll(file, 'web.yaml'),
    `namespace/team-a created, unchanged
serviceaccount/ci created (regcred is not asked about it)
secret/acme created, unchanged
pod/listed created, unchanged
pod/found created
@@ -8,2 +8,4 @@
     - name: web
       image: your.private.registry.example.com/web:1
+  imagePullSecrets:
+    - name: acme
Warning: Pod misspelt: Secret "amce" does not exist in namespace "team-a"; did you mean "acme"? Write it in spec.imagePullSecrets, then: kubectl replace --force --namespace team-a -f FILE
pod/misspelt created
@@ -7,4 +7,5 @@
   imagePullSecrets:
     - name: amce
+    - name: acme
   containers:
     - name: web
Warning: Deployment web: Secret "regcerd" does not exist in namespace "default"; did you mean "regcred"? Write it in spec.template.spec.imagePullSecrets
deployment.apps/web created, unchanged
Error from server (Forbidden): error when creating "web.yaml": admission webhook "validate.regcred.dev" denied the request: Pod refused: Secret "regcred" does not exist in namespace "awesomeapps"; correct the name, or create it: kubectl create secret docker-registry regcred --namespace awesomeapps --from-file=.dockerconfigjson=FILE (to let it through: kubectl label --overwrite namespace awesomeapps regcred.dev/mode=warn)
serviceaccount/default created (regcred is not asked about it)
pod/plain created, unchanged
configmap/settings created (regcred is not asked about it)
`,
  )
  t.equal(status, 1)
  t.notMatch(out, 'hunter2')
})

t.test('a file that is none of manifests is a sentence', async t => {
  const folder = t.testdir({ 'empty.yaml': '', 'bad.yaml': 'a: [' })
  for (const [name, says] of [
    ['empty.yaml', /^regcred: there is no Kubernetes object in .*empty\.yaml\n$/],
    ['bad.yaml', /^regcred: .*bad\.yaml:1/],
    ['none.yaml', /^regcred: .*none\.yaml: no such file or folder\n$/],
  ] as const) {
    const { out, err, status } = await runCommand(demoCommand, ['--apply', join(folder, name)])
    t.equal(out, '')
    t.match(err, says)
    t.equal(status, 2)
  }
  const empty = await runCommand(demoCommand, ['--apply', '-'])
  t.equal(empty.err, 'regcred: there is no Kubernetes object in standard input\n')
  const both = await runCommand(demoCommand, ['--apply', 'a', '--serve'])
  t.equal(both.err, 'regcred: give one of --serve and --apply\n')
})

t.test('the Pods of the walkthrough, without a file', async t => {
  const { out, status } = await runCommand(demoCommand, [])
  t.equal(out.match(/^\$ kubectl apply -f private-reg-pod\.yaml$/gm)?.length, 5)
  t.match(out, /^\+ {4}- name: regcred$/m)
  t.match(out, /^Error from server \(Forbidden\): admission webhook "validate\.regcred\.dev" denied the request: /m)
  t.equal(status, 0)
})
