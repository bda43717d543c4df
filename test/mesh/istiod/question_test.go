// Package sidetrack asks Istio's own generators what they tell one sidecar, and what its Envoy is started with.
// `ask.ts` puts this file into a checkout of Istio, with the list of pods that `pods.ts` makes.
package sidetrack

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	meshconfig "istio.io/api/mesh/v1alpha1"
	"istio.io/istio/pilot/pkg/features"
	"istio.io/istio/pilot/pkg/model"
	"istio.io/istio/pilot/test/xds"
	"istio.io/istio/pkg/bootstrap"
	"istio.io/istio/pkg/cluster"
	"istio.io/istio/pkg/config/mesh"
	"istio.io/istio/pkg/test"
)

// Pod is one entry of the list.
type Pod struct {
	Name      string
	Mode      string // REDIRECT, TPROXY, NONE
	Addresses []string
	Labels    map[string]string
	Outbound  string // ALLOW_ANY, REGISTRY_ONLY
	Inbound   string // PASSTHROUGH, LOCALHOST
	Istio     string // resources of Istio, as YAML
	Objects   string // resources of Kubernetes, as YAML
	ClusterID *string // of the proxy; Kubernetes where it is not given
}

func TestAsk(t *testing.T) {
	read, err := os.ReadFile(os.Getenv("SIDETRACK_PODS"))
	if err != nil {
		t.Skip("SIDETRACK_PODS names no list of pods")
	}
	var pods []Pod
	if err := json.Unmarshal(read, &pods); err != nil {
		t.Fatal(err)
	}
	answers := map[string]any{}
	for _, pod := range pods {
		// A subtest of its own, so that one pod's settings end with it.
		t.Run(pod.Name, func(t *testing.T) { answers[pod.Name] = ask(t, pod) })
	}
	written, err := json.Marshal(answers)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(os.Getenv("SIDETRACK_ANSWERS"), written, 0o644); err != nil {
		t.Fatal(err)
	}
}

func ask(t *testing.T, pod Pod) map[string]any {
	test.SetForTest(t, &features.EnableDualStack, len(pod.Addresses) > 1)
	clusterID := "Kubernetes"
	if pod.ClusterID != nil {
		clusterID = *pod.ClusterID
	}
	server := xds.NewFakeDiscoveryServer(t, xds.FakeOptions{
		KubernetesObjectString: pod.Objects,
		ConfigString:           pod.Istio,
		MeshConfig:             meshOf(pod),
	})
	proxy := server.SetupProxy(&model.Proxy{
		IPAddresses:     pod.Addresses,
		ID:              "app.default",
		ConfigNamespace: "default",
		Labels:          pod.Labels,
		Metadata: &model.NodeMetadata{
			IstioVersion:     "1.31.0",
			ClusterID:        cluster.ID(clusterID),
			InterceptionMode: model.TrafficInterceptionMode(pod.Mode),
			Namespace:        "default",
			Labels:           pod.Labels,
		},
	})
	listeners := server.Listeners(proxy)
	return map[string]any{
		"bootstrap": bootstrapOf(t, pod),
		"listeners": plain(t, listeners),
		"clusters":  plain(t, server.Clusters(proxy)),
		"routes":    plain(t, server.RoutesFromListeners(proxy, listeners)),
		"endpoints": plain(t, server.Endpoints(proxy)),
	}
}

func meshOf(pod Pod) *meshconfig.MeshConfig {
	m := mesh.DefaultMeshConfig()
	m.AccessLogFile = "/dev/stdout"
	m.AccessLogEncoding = meshconfig.MeshConfig_JSON
	if pod.Outbound == "REGISTRY_ONLY" {
		m.OutboundTrafficPolicy = &meshconfig.MeshConfig_OutboundTrafficPolicy{
			Mode: meshconfig.MeshConfig_OutboundTrafficPolicy_REGISTRY_ONLY,
		}
	}
	if pod.Inbound == "LOCALHOST" {
		m.InboundTrafficPolicy = &meshconfig.MeshConfig_InboundTrafficPolicy{
			Mode: meshconfig.MeshConfig_InboundTrafficPolicy_LOCALHOST,
		}
	}
	return m
}

// bootstrapOf is what pilot-agent writes before it starts Envoy, from the template in its image.
func bootstrapOf(t *testing.T, pod Pod) json.RawMessage {
	node, err := bootstrap.GetNodeMetaData(bootstrap.MetadataOptions{
		ID:                  "sidecar~" + pod.Addresses[0] + "~app.default~default.svc.cluster.local",
		InstanceIPs:         pod.Addresses,
		ProxyConfig:         mesh.DefaultProxyConfig(),
		EnvoyPrometheusPort: 15090,
		EnvoyStatusPort:     15021,
	})
	if err != nil {
		t.Fatal(err)
	}
	written := &bytes.Buffer{}
	template := os.Getenv("SIDETRACK_TEMPLATE")
	if err := bootstrap.New(bootstrap.Config{Node: node}).WriteTo(template, written); err != nil {
		t.Fatal(err)
	}
	return written.Bytes()
}

func plain[Message proto.Message](t *testing.T, messages []Message) []json.RawMessage {
	all := []json.RawMessage{}
	for _, message := range messages {
		written, err := protojson.MarshalOptions{UseProtoNames: true}.Marshal(message)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, written)
	}
	return all
}
