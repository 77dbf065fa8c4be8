<#
.SYNOPSIS
Installs StructCore.Edge as a Windows service; again it only updates. Configuration and data are never overwritten or removed.
.DESCRIPTION
For Windows 10, 11 and Server 2019 or newer, x64, from the unpacked archive of scripts/publish, in an elevated PowerShell:

  powershell -ExecutionPolicy Bypass -File scripts\install-service.ps1

Program: %ProgramFiles%\StructCore.Edge. Configuration, banks, store and evidence: %ProgramData%\StructCore.Edge, which only
administrators, the system and the service itself may read. The service runs as NT SERVICE\StructCore.Edge, an account without password
and without rights of its own, and is not started here. Windows starts it again when it crashed or ended with an error, after 2, 10 and then
every 60 seconds. Warnings, errors, starts and stops are in the event log "Application", source StructCore.Edge.
.PARAMETER Uninstall
Stops and removes service, program and event source; keeps %ProgramData%\StructCore.Edge.
#>
#Requires -Version 5.1
#Requires -RunAsAdministrator
[CmdletBinding()]
param([switch] $Uninstall)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$service = 'StructCore.Edge'
$account = "NT SERVICE\$service"
$archive = Split-Path -Parent $PSScriptRoot
$source = Join-Path $archive 'program'
$program = Join-Path $env:ProgramFiles $service
$data = Join-Path $env:ProgramData $service
$config = Join-Path $data 'appsettings.json'

# Windows' own tools say with their exit code whether they did it.
function Invoke-Tool([string] $tool, [string[]] $arguments) {
    $said = & $tool @arguments
    if ($LASTEXITCODE -ne 0) {
        throw "$tool $arguments ended with ${LASTEXITCODE}: $said"
    }
}

function Remove-Folder([string] $path) {
    if (Test-Path -LiteralPath $path) {
        Remove-Item -LiteralPath $path -Recurse -Force
    }
}

$installed = Get-Service -Name $service -ErrorAction SilentlyContinue
$wasRunning = $null -ne $installed -and $installed.Status -ne 'Stopped'

if ($Uninstall) {
    if ($installed) {
        Stop-Service -Name $service -Force
        Invoke-Tool 'sc.exe' @('delete', $service)
    }
    Remove-Folder $program
    if ([System.Diagnostics.EventLog]::SourceExists($service)) {
        [System.Diagnostics.EventLog]::DeleteEventSource($service)
    }
    Write-Output "Removed. Configuration and data are still in '$data'."
    return
}

if (-not (Test-Path -LiteralPath (Join-Path $source 'structcore.exe'))) {
    throw "'$source' holds no program. Run this script where the archive of scripts/publish was unpacked."
}
if (-not (Test-Path -LiteralPath (Join-Path $env:SystemRoot 'System32\vcruntime140_1.dll'))) {
    Write-Warning 'The Microsoft Visual C++ Redistributable 2015-2022 (x64) is missing, which ONNX Runtime and OpenCV need. Install it before the service is started.'
}
if (-not (Get-ChildItem -LiteralPath (Join-Path $source 'adapters') -Recurse -Filter 'OpenCvSharpExtern.dll')) {
    Write-Warning 'OpenCvSharpExtern.dll is not among the adapters: images and video cannot be read. Take it from the NuGet package OpenCvSharp4.runtime.win, of the version that the archive was published with.'
}

# Beside, then renamed: a copy that broke off leaves the program that was there.
Remove-Folder "$program.new"
Copy-Item -LiteralPath $source -Destination "$program.new" -Recurse
if ($wasRunning) {
    Stop-Service -Name $service -Force
}
Remove-Folder $program
Rename-Item -LiteralPath "$program.new" -NewName $service

if (-not $installed) {
    $executable = Join-Path $program 'structcore.exe'
    $null = New-Service -Name $service -DisplayName 'StructCore.Edge inspection agent' -BinaryPathName "`"$executable`" run --config `"$config`"" `
        -Description 'Takes triggers over MQTT, compares each frame with what good parts look like, and publishes ACCEPT, REJECT or ERROR.'
}
Invoke-Tool 'sc.exe' @('config', $service, 'obj=', $account, 'start=', 'delayed-auto')
# Counted anew after ten minutes without a failure. The flag: an exit code other than 0 is a failure too, not only a crash.
Invoke-Tool 'sc.exe' @('failure', $service, 'reset=', '600', 'actions=', 'restart/2000/restart/10000/restart/60000')
Invoke-Tool 'sc.exe' @('failureflag', $service, '1')
if (-not [System.Diagnostics.EventLog]::SourceExists($service)) {
    [System.Diagnostics.EventLog]::CreateEventSource($service, 'Application')
}

# The service writes into its folder and nowhere else; its configuration it only reads. S-1-5-18 is the system, S-1-5-32-544 the administrators.
$null = New-Item -ItemType Directory -Force -Path $data, (Join-Path $data 'banks'), (Join-Path $data 'images')
Invoke-Tool 'icacls.exe' @($data, '/inheritance:r', '/grant:r', '*S-1-5-18:(OI)(CI)F', '*S-1-5-32-544:(OI)(CI)F', "${account}:(OI)(CI)M")
if (Test-Path -LiteralPath $config) {
    Write-Output "Kept '$config'."
} else {
    Copy-Item -LiteralPath (Join-Path $archive 'config\installed-windows.json') -Destination $config
}
Invoke-Tool 'icacls.exe' @($config, '/inheritance:r', '/grant:r', '*S-1-5-18:F', '*S-1-5-32-544:F', "${account}:R")

if ($wasRunning) {
    Start-Service -Name $service
}
Write-Output "Done. Edit '$config', put banks into '$data\banks', then: & '$program\structcore.exe' doctor --config '$config'; Start-Service $service"
