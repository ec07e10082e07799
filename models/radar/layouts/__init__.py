"""What the decoders share: headers, packets, codes and checks, by family of formats."""
