// Command webhook does regcred's main job in the least code on controller-runtime's own stack: it keeps the pull secrets of the
// cluster in a cache, indexed by the hosts that they are for, injects those that a Pod's images need, and warns of references
// to Secrets that are not there. It knows hosts alone: no paths, no globs, no expiry.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"net/http"
	"slices"
	"strings"

	v1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/runtime"
	clientgoscheme "k8s.io/client-go/kubernetes/scheme"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/log/zap"
	"sigs.k8s.io/controller-runtime/pkg/metrics/server"
	"sigs.k8s.io/controller-runtime/pkg/webhook"
	"sigs.k8s.io/controller-runtime/pkg/webhook/admission"
)

// byHost is the name of the cache's index.
const byHost = "host"

func main() {
	port := flag.Int("port", 0, "where reviews are answered")
	metricsAddress := flag.String("metrics", "", "where metrics are")
	certificates := flag.String("certificates", "", "the folder of tls.crt and tls.key")
	// controller-runtime adds --kubeconfig.
	flag.Parse()
	ctrl.SetLogger(zap.New())

	scheme := runtime.NewScheme()
	if err := clientgoscheme.AddToScheme(scheme); err != nil {
		log.Fatal(err)
	}
	pullSecrets := fields.OneTermEqualSelector("type", string(v1.SecretTypeDockerConfigJson))
	manager, err := ctrl.NewManager(ctrl.GetConfigOrDie(), ctrl.Options{
		Scheme:        scheme,
		Cache:         cache.Options{ByObject: map[client.Object]cache.ByObject{&v1.Secret{}: {Field: pullSecrets}}},
		Metrics:       server.Options{BindAddress: *metricsAddress},
		WebhookServer: webhook.NewServer(webhook.Options{Host: "127.0.0.1", Port: *port, CertDir: *certificates}),
	})
	if err != nil {
		log.Fatal(err)
	}
	ctx := ctrl.SetupSignalHandler()
	if err := manager.GetFieldIndexer().IndexField(ctx, &v1.Secret{}, byHost, hostsOf); err != nil {
		log.Fatal(err)
	}
	reviewer := &reviewer{manager.GetClient(), admission.NewDecoder(scheme)}
	hooks := manager.GetWebhookServer()
	hooks.Register("/mutate", &webhook.Admission{Handler: admission.HandlerFunc(reviewer.mutate)})
	hooks.Register("/validate", &webhook.Admission{Handler: admission.HandlerFunc(reviewer.validate)})
	if err := manager.Start(ctx); err != nil {
		log.Fatal(err)
	}
}

type reviewer struct {
	reader  client.Reader
	decoder admission.Decoder
}

// mutate lists the pull secrets that the Pod's images need and that none of its references has.
func (r *reviewer) mutate(ctx context.Context, request admission.Request) admission.Response {
	pod := &v1.Pod{}
	if err := r.decoder.Decode(request, pod); err != nil {
		return admission.Errored(http.StatusBadRequest, err)
	}
	before := len(pod.Spec.ImagePullSecrets)
	for _, container := range slices.Concat(pod.Spec.InitContainers, pod.Spec.Containers) {
		candidates, err := r.candidates(ctx, request.Namespace, container.Image)
		if err != nil {
			return admission.Errored(http.StatusInternalServerError, err)
		}
		isListed := func(name string) bool {
			return slices.Contains(pod.Spec.ImagePullSecrets, v1.LocalObjectReference{Name: name})
		}
		if len(candidates) > 0 && !slices.ContainsFunc(candidates, isListed) {
			reference := v1.LocalObjectReference{Name: candidates[0]}
			pod.Spec.ImagePullSecrets = append(pod.Spec.ImagePullSecrets, reference)
		}
	}
	if len(pod.Spec.ImagePullSecrets) == before {
		return admission.Allowed("")
	}
	mutated, err := json.Marshal(pod)
	if err != nil {
		return admission.Errored(http.StatusInternalServerError, err)
	}
	return admission.PatchResponseFromRaw(request.Object.Raw, mutated)
}

// validate warns of references to pull secrets that are not there.
func (r *reviewer) validate(ctx context.Context, request admission.Request) admission.Response {
	pod := &v1.Pod{}
	if err := r.decoder.Decode(request, pod); err != nil {
		return admission.Errored(http.StatusBadRequest, err)
	}
	response := admission.Allowed("")
	for _, reference := range pod.Spec.ImagePullSecrets {
		key := client.ObjectKey{Namespace: request.Namespace, Name: reference.Name}
		if err := r.reader.Get(ctx, key, &v1.Secret{}); client.IgnoreNotFound(err) != nil {
			return admission.Errored(http.StatusInternalServerError, err)
		} else if err != nil {
			response.Warnings = append(response.Warnings, fmt.Sprintf("Secret %q does not exist", reference.Name))
		}
	}
	return response
}

// candidates are the names of the pull secrets for the image's host, in order.
func (r *reviewer) candidates(ctx context.Context, namespace, image string) ([]string, error) {
	host, _, found := strings.Cut(image, "/")
	if !found || !strings.ContainsAny(host, ".:") {
		host = "index.docker.io"
	}
	var list v1.SecretList
	selected := client.MatchingFields{byHost: host}
	if err := r.reader.List(ctx, &list, client.InNamespace(namespace), selected, client.UnsafeDisableDeepCopy); err != nil {
		return nil, err
	}
	names := make([]string, len(list.Items))
	for i, secret := range list.Items {
		names[i] = secret.Name
	}
	slices.Sort(names)
	return names, nil
}

// hostsOf are the hosts that a pull secret is for; none if it cannot be read.
func hostsOf(object client.Object) []string {
	var config struct {
		Auths map[string]struct{} `json:"auths"`
	}
	secret, isSecret := object.(*v1.Secret)
	if !isSecret || json.Unmarshal(secret.Data[v1.DockerConfigJsonKey], &config) != nil {
		return nil
	}
	hosts := make([]string, 0, len(config.Auths))
	for key := range config.Auths {
		host, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(key, "https://"), "http://"), "/")
		hosts = append(hosts, host)
	}
	return hosts
}
