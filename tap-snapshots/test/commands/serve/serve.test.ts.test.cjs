/* IMPORTANT
 * This snapshot file is auto-generated, but designed for humans.
 * It should be checked into source control and tracked carefully.
 * Re-generate by setting TAP_SNAPSHOT=1 and running tests.
 * Make sure to inspect the output below.  Do not ignore changes!
 */
'use strict'
exports[`test/commands/serve/serve.test.ts > TAP > the demonstration, whole > must match snapshot 1`] = `
regcred serves the manifests in examples/ at https://127.0.0.1:PORT

# The Pod as it is
$ kubectl apply -f private-reg-pod.yaml
pod/private-reg created, unchanged

# The name of the secret misspelt
$ kubectl apply -f private-reg-pod.yaml
Warning: Pod private-reg: Secret "regcerd" does not exist in namespace "default"; did you mean "regcred"? Write it in spec.imagePullSecrets, then: kubectl replace --force --namespace default -f FILE
pod/private-reg created
@@ -9,2 +9,3 @@
   imagePullSecrets:
     - name: regcerd
+    - name: regcred

# In another namespace than its secret, one that enforces
$ kubectl apply -f private-reg-pod.yaml
Error from server (Forbidden): admission webhook "validate.regcred.dev" denied the request: Pod private-reg: Secret "regcred" does not exist in namespace "awesomeapps"; correct the name, or create it: kubectl create secret docker-registry regcred --namespace awesomeapps --from-file=.dockerconfigjson=FILE (to let it through: kubectl label --overwrite namespace awesomeapps regcred.dev/mode=warn)

# With an Opaque secret
$ kubectl apply -f private-reg-pod.yaml
Warning: Pod private-reg: Secret "regcred-opaque" has type Opaque, so Kubernetes does not use it; recreate it: kubectl create secret docker-registry regcred-opaque --namespace default --from-file=.dockerconfigjson=FILE --dry-run=client -o yaml | kubectl replace --force -f -
pod/private-reg created
@@ -9,2 +9,3 @@
   imagePullSecrets:
     - name: regcred-opaque
+    - name: regcred

# Without imagePullSecrets
$ kubectl apply -f private-reg-pod.yaml
pod/private-reg created
@@ -7,2 +7,4 @@
     - name: private-reg-container
       image: your.private.registry.example.com/janedoe/jdoe-private:v1
+  imagePullSecrets:
+    - name: regcred

`
