// Answers with the digest of the configuration of the image that containerd 1.6 takes.
package main

import (
	"context"
	_ "crypto/sha256" // What digests are made with.

	"github.com/containerd/containerd/content"
	"github.com/containerd/containerd/images"
	"github.com/containerd/containerd/platforms"
	"github.com/opencontainers/go-digest"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
	"unroot.dev/e2e/index-choice/asked"
)

type provider struct{ asked.Documents }

func (p provider) ReaderAt(_ context.Context, desc ocispec.Descriptor) (content.ReaderAt, error) {
	return p.Open(desc.Digest.String())
}

func main() {
	asked.Serve(func(documents asked.Documents, question asked.Question) string {
		top := digest.FromString(question.Index)
		if _, known := documents[top.String()]; !known {
			documents[top.String()] = question.Index
			defer delete(documents, top.String())
		}
		node := ocispec.Platform{
			OS: question.OS, Architecture: question.Architecture, Variant: question.Variant, OSVersion: question.OSVersion,
		}
		index := ocispec.Descriptor{
			MediaType: ocispec.MediaTypeImageIndex, Digest: top, Size: int64(len(question.Index)),
		}
		manifest, err := images.Manifest(context.Background(), provider{documents}, index, platforms.Only(node))
		if err != nil {
			return asked.None
		}
		return manifest.Config.Digest.String()
	})
}
