namespace StructCore.Tests;

/// <summary>
/// A GenICam description of our own for the registers of Aravis' fake camera: a sensor of any size that is read in steps of 4 columns and 2 rows,
/// with limits for every setting as real cameras have them.
/// </summary>
internal static class FakeCameraDescription
{
    public static string Of(int height, int width) => $$"""
        <?xml version="1.0" encoding="utf-8"?>
        <RegisterDescription ModelName="Fake" VendorName="StructCore" StandardNameSpace="None" SchemaMajorVersion="1" SchemaMinorVersion="1" SchemaSubMinorVersion="0"
            MajorVersion="1" MinorVersion="0" SubMinorVersion="0" ToolTip="Test camera" ProductGuid="0" VersionGuid="0" xmlns="http://www.genicam.org/GenApi/Version_1_1">
          <Category Name="Root" NameSpace="Standard">
            <pFeature>DeviceControl</pFeature><pFeature>ImageFormatControl</pFeature><pFeature>AcquisitionControl</pFeature><pFeature>TransportLayerControl</pFeature>
          </Category>
          <Category Name="DeviceControl"><pFeature>DeviceVendorName</pFeature><pFeature>DeviceModelName</pFeature><pFeature>DeviceSerialNumber</pFeature></Category>
          <Category Name="ImageFormatControl"><pFeature>Width</pFeature><pFeature>Height</pFeature><pFeature>OffsetX</pFeature><pFeature>OffsetY</pFeature><pFeature>PixelFormat</pFeature></Category>
          <Category Name="AcquisitionControl"><pFeature>AcquisitionStart</pFeature><pFeature>TriggerMode</pFeature><pFeature>ExposureTime</pFeature><pFeature>Gain</pFeature></Category>
          <Category Name="TransportLayerControl"><pFeature>PayloadSize</pFeature></Category>
          <StringReg Name="DeviceVendorName">
            <Address>0x48</Address><Length>32</Length><AccessMode>RO</AccessMode><pPort>Device</pPort>
          </StringReg>
          <StringReg Name="DeviceModelName">
            <Address>0x68</Address><Length>32</Length><AccessMode>RO</AccessMode><pPort>Device</pPort>
          </StringReg>
          <StringReg Name="DeviceSerialNumber">
            <Address>0xd8</Address><Length>16</Length><AccessMode>RO</AccessMode><pPort>Device</pPort>
          </StringReg>
          <Integer Name="SensorWidth"><Value>{{width}}</Value></Integer>
          <Integer Name="WidthMax"><Value>{{width}}</Value></Integer>
          <Integer Name="SensorHeight"><Value>{{height}}</Value></Integer>
          <Integer Name="HeightMax"><Value>{{height}}</Value></Integer>
          <Integer Name="Width"><pValue>WidthRegister</pValue><Min>4</Min><pMax>WidthRoom</pMax><Inc>4</Inc></Integer>
          <Integer Name="Height"><pValue>HeightRegister</pValue><Min>4</Min><pMax>HeightRoom</pMax><Inc>2</Inc></Integer>
          <Integer Name="OffsetX"><pValue>OffsetXRegister</pValue><Min>0</Min><pMax>OffsetXRoom</pMax><Inc>4</Inc></Integer>
          <Integer Name="OffsetY"><pValue>OffsetYRegister</pValue><Min>0</Min><pMax>OffsetYRoom</pMax><Inc>2</Inc></Integer>
          <IntSwissKnife Name="WidthRoom"><pVariable Name="SENSOR">SensorWidth</pVariable><pVariable Name="TAKEN">OffsetXRegister</pVariable><Formula>SENSOR - TAKEN</Formula></IntSwissKnife>
          <IntSwissKnife Name="HeightRoom"><pVariable Name="SENSOR">SensorHeight</pVariable><pVariable Name="TAKEN">OffsetYRegister</pVariable><Formula>SENSOR - TAKEN</Formula></IntSwissKnife>
          <IntSwissKnife Name="OffsetXRoom"><pVariable Name="SENSOR">SensorWidth</pVariable><pVariable Name="TAKEN">WidthRegister</pVariable><Formula>SENSOR - TAKEN</Formula></IntSwissKnife>
          <IntSwissKnife Name="OffsetYRoom"><pVariable Name="SENSOR">SensorHeight</pVariable><pVariable Name="TAKEN">HeightRegister</pVariable><Formula>SENSOR - TAKEN</Formula></IntSwissKnife>
          <IntReg Name="WidthRegister">
            <Address>0x100</Address><Length>4</Length><AccessMode>RW</AccessMode><pPort>Device</pPort><Sign>Unsigned</Sign><Endianess>BigEndian</Endianess>
          </IntReg>
          <IntReg Name="HeightRegister">
            <Address>0x104</Address><Length>4</Length><AccessMode>RW</AccessMode><pPort>Device</pPort><Sign>Unsigned</Sign><Endianess>BigEndian</Endianess>
          </IntReg>
          <IntReg Name="OffsetXRegister">
            <Address>0x130</Address><Length>4</Length><AccessMode>RW</AccessMode><pPort>Device</pPort><Sign>Unsigned</Sign><Endianess>BigEndian</Endianess>
          </IntReg>
          <IntReg Name="OffsetYRegister">
            <Address>0x134</Address><Length>4</Length><AccessMode>RW</AccessMode><pPort>Device</pPort><Sign>Unsigned</Sign><Endianess>BigEndian</Endianess>
          </IntReg>
          <Enumeration Name="PixelFormat">
            <EnumEntry Name="Mono8"><Value>17301505</Value></EnumEntry>
            <EnumEntry Name="Mono16"><Value>17825799</Value></EnumEntry>
            <EnumEntry Name="BayerGR8"><Value>17301512</Value></EnumEntry>
            <EnumEntry Name="BayerRG8"><Value>17301513</Value></EnumEntry>
            <EnumEntry Name="BayerGB8"><Value>17301514</Value></EnumEntry>
            <EnumEntry Name="BayerBG8"><Value>17301515</Value></EnumEntry>
            <EnumEntry Name="RGB8"><Value>35127316</Value></EnumEntry>
            <pValue>PixelFormatRegister</pValue>
          </Enumeration>
          <IntReg Name="PixelFormatRegister">
            <Address>0x128</Address><Length>4</Length><AccessMode>RW</AccessMode><pPort>Device</pPort><Sign>Unsigned</Sign><Endianess>BigEndian</Endianess>
          </IntReg>
          <Enumeration Name="AcquisitionMode">
            <EnumEntry Name="Continuous"><Value>1</Value></EnumEntry>
            <EnumEntry Name="SingleFrame"><Value>2</Value></EnumEntry>
            <pValue>AcquisitionModeRegister</pValue>
          </Enumeration>
          <IntReg Name="AcquisitionModeRegister">
            <Address>0x12c</Address><Length>4</Length><AccessMode>RW</AccessMode><pPort>Device</pPort><Sign>Unsigned</Sign><Endianess>BigEndian</Endianess>
          </IntReg>
          <Command Name="AcquisitionStart"><pValue>AcquisitionRegister</pValue><CommandValue>1</CommandValue></Command>
          <Command Name="AcquisitionStop"><pValue>AcquisitionRegister</pValue><CommandValue>0</CommandValue></Command>
          <IntReg Name="AcquisitionRegister">
            <Address>0x124</Address><Length>4</Length><AccessMode>WO</AccessMode><pPort>Device</pPort><Sign>Unsigned</Sign><Endianess>BigEndian</Endianess>
          </IntReg>
          <Enumeration Name="TriggerSelector">
            <EnumEntry Name="FrameStart"><Value>0</Value></EnumEntry>
            <pValue>TriggerSelectorValue</pValue>
          </Enumeration>
          <Integer Name="TriggerSelectorValue"><Value>0</Value></Integer>
          <Enumeration Name="TriggerMode">
            <EnumEntry Name="Off"><Value>0</Value></EnumEntry>
            <EnumEntry Name="On"><Value>1</Value></EnumEntry>
            <pValue>TriggerModeRegister</pValue>
          </Enumeration>
          <IntReg Name="TriggerModeRegister">
            <Address>0x300</Address><Length>4</Length><AccessMode>RW</AccessMode><pPort>Device</pPort><Sign>Unsigned</Sign><Endianess>BigEndian</Endianess>
          </IntReg>
          <Enumeration Name="TriggerSource">
            <EnumEntry Name="Line1"><Value>0</Value></EnumEntry>
            <EnumEntry Name="Software"><Value>1</Value></EnumEntry>
            <pValue>TriggerSourceRegister</pValue>
          </Enumeration>
          <IntReg Name="TriggerSourceRegister">
            <Address>0x304</Address><Length>4</Length><AccessMode>RW</AccessMode><pPort>Device</pPort><Sign>Unsigned</Sign><Endianess>BigEndian</Endianess>
          </IntReg>
          <Enumeration Name="TriggerActivation">
            <EnumEntry Name="RisingEdge"><Value>0</Value></EnumEntry>
            <pValue>TriggerActivationRegister</pValue>
          </Enumeration>
          <IntReg Name="TriggerActivationRegister">
            <Address>0x308</Address><Length>4</Length><AccessMode>RW</AccessMode><pPort>Device</pPort><Sign>Unsigned</Sign><Endianess>BigEndian</Endianess>
          </IntReg>
          <Command Name="TriggerSoftware"><pValue>TriggerSoftwareRegister</pValue><CommandValue>1</CommandValue></Command>
          <IntReg Name="TriggerSoftwareRegister">
            <Address>0x30c</Address><Length>4</Length><AccessMode>WO</AccessMode><pPort>Device</pPort><Sign>Unsigned</Sign><Endianess>BigEndian</Endianess>
          </IntReg>
          <Float Name="ExposureTime"><pValue>ExposureTimeConverter</pValue><Min>20.0</Min><Max>1000000.0</Max></Float>
          <Converter Name="ExposureTimeConverter"><FormulaTo>FROM</FormulaTo><FormulaFrom>TO</FormulaFrom><pValue>ExposureTimeRegister</pValue></Converter>
          <IntReg Name="ExposureTimeRegister">
            <Address>0x120</Address><Length>4</Length><AccessMode>RW</AccessMode><pPort>Device</pPort><Sign>Unsigned</Sign><Endianess>BigEndian</Endianess>
          </IntReg>
          <Float Name="Gain"><pValue>GainConverter</pValue><Min>0.0</Min><Max>10.0</Max></Float>
          <Converter Name="GainConverter"><FormulaTo>FROM</FormulaTo><FormulaFrom>TO</FormulaFrom><pValue>GainRegister</pValue></Converter>
          <IntReg Name="GainRegister">
            <Address>0x110</Address><Length>4</Length><AccessMode>RW</AccessMode><pPort>Device</pPort><Sign>Unsigned</Sign><Endianess>BigEndian</Endianess>
          </IntReg>
          <IntSwissKnife Name="PayloadSize">
            <pVariable Name="WIDTH">Width</pVariable><pVariable Name="HEIGHT">Height</pVariable><pVariable Name="FORMAT">PixelFormat</pVariable>
            <Formula>WIDTH * HEIGHT * ((FORMAT &gt;&gt; 16) &amp; 0xFF) / 8</Formula>
          </IntSwissKnife>
          <Integer Name="TLParamsLocked"><Value>0</Value><Min>0</Min><Max>1</Max></Integer>
          <Port Name="Device" NameSpace="Standard"></Port>
        </RegisterDescription>
        """;
}
