class Regcred < Formula
  desc "Check pull secrets of Kubernetes by the kubelet's own rules"
  homepage "https://github.com/regcred/regcred"
  version "{{version}}"
  license "Apache-2.0"

  on_macos do
    on_arm do
      url "{{darwin_arm64.url}}"
      sha256 "{{darwin_arm64.sha256}}"
    end
    on_intel do
      url "{{darwin_amd64.url}}"
      sha256 "{{darwin_amd64.sha256}}"
    end
  end

  on_linux do
    on_arm do
      url "{{linux_arm64.url}}"
      sha256 "{{linux_arm64.sha256}}"
    end
    on_intel do
      url "{{linux_amd64.url}}"
      sha256 "{{linux_amd64.sha256}}"
    end
  end

  def install
    bin.install "regcred"
    bin.install_symlink "regcred" => "kubectl-regcred"
    bin.install_symlink "regcred" => "kubectl_complete-regcred"
    generate_completions_from_executable(bin/"regcred", "completion", shells: [:bash, :zsh, :fish])
  end

  test do
    assert_equal version.to_s, shell_output("#{bin}/regcred --version").strip
  end
end
