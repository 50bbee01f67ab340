// Answers with the digests of the two manifests that containers/image takes: where the index is served as OCI's, and where
// it is served as Docker's list.
package main

import (
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
	"go.podman.io/image/v5/manifest"
	"go.podman.io/image/v5/types"
	"unroot.dev/e2e/index-choice/asked"
)

func main() {
	asked.Serve(func(_ asked.Documents, question asked.Question) string {
		return choice(question, ocispec.MediaTypeImageIndex) + " " + choice(question, manifest.DockerV2ListMediaType)
	})
}

func choice(question asked.Question, mediaType string) string {
	list, err := manifest.ListFromBlob([]byte(question.Index), mediaType)
	if err != nil {
		return asked.None
	}
	chosen, err := list.ChooseInstance(&types.SystemContext{
		OSChoice: question.OS, ArchitectureChoice: question.Architecture, VariantChoice: question.Variant,
	})
	if err != nil {
		return asked.None
	}
	return chosen.String()
}
